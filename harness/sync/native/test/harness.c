// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static const char *running;

void fail(const char *file, int line, const char *what, long long is,
	  long long wanted)
{
	fprintf(stderr, "not ok: %s\n  %s:%d: %s is %lld, wanted %lld\n",
		running, file, line, what, is, wanted);
	exit(1);
}

void fail_text(const char *file, int line, const char *is, const char *wanted)
{
	fprintf(stderr, "not ok: %s\n  %s:%d: \"%s\", wanted \"%s\"\n", running,
		file, line, is, wanted);
	exit(1);
}

void check_text(const char *file, int line, const char *is, const char *wanted)
{
	if (strcmp(is, wanted) != 0)
		fail_text(file, line, is, wanted);
}

int run_tests(const char *program, const struct test *tests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		running = tests[i].behaviour;
		tests[i].run();
	}
	printf("ok: %s: %zu behaviours\n", program, count);
	return 0;
}
