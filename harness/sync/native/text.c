// SPDX-License-Identifier: MIT
/* Refusals for people. */
/*
 * The XSI strerror_r(), which says whether there is a text: with _GNU_SOURCE
 * the name is that of another function.
 */
#undef _GNU_SOURCE
#undef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>

#include "internal.h"

_Static_assert(_Generic(&strerror_r, int (*)(int, char *, size_t) : 1,
			default : 0),
	       "strerror_r() is POSIX's");

static const char *verb(uint32_t direction)
{
	switch (direction) {
	case SPRSYNC_GET:
		return "get";
	case SPRSYNC_PUT:
		return "put";
	default:
		return "access";
	}
}

/* musl has one text, and no error, for every number that it does not know. */
static void reason_of(int number, char *reason, size_t size)
{
	char unknown[128];

	if (strerror_r(number, reason, size) != 0 ||
	    (strerror_r(INT32_MAX, unknown, sizeof(unknown)) == 0 &&
	     strcmp(reason, unknown) == 0))
		snprintf(reason, size, "errno %d", number);
}

int sprsync_refusal_text(const struct sprsync_refusal *refusal, char *text,
			 size_t size)
{
	const struct sprsync_register *reg;
	const char *what;
	char reason[128];
	int saved = errno;
	int number, length;

	if (refusal == NULL || refusal->reg == NULL ||
	    (text == NULL && size > 0))
		return -EINVAL;
	reg = refusal->reg;
	what = verb(refusal->direction);
	number = refusal->error > INT32_MIN ? -refusal->error : INT32_MAX;
	reason_of(number, reason, sizeof(reason));
	if (reg->spr == SPRSYNC_NO_SPR)
		length = snprintf(text, size, "cannot %s %s: %s", what,
				  reg->name, reason);
	else
		length = snprintf(text, size, "cannot %s SPR %u (%s): %s", what,
				  (unsigned int)reg->spr, reg->name, reason);
	errno = saved;
	return length;
}
