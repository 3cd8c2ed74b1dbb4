// SPDX-License-Identifier: MIT
/* Executed operations -> copies and refusals; the steps put together. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/*
 * The index of an id, or registry->count.  Operations come in the order in
 * which they were planned, so the search goes on from the last hit: a commit is
 * linear in the number of registers, whatever was left out of the plan.
 */
static size_t find_from(const struct sprsync_registry *registry, size_t start,
			uint64_t id)
{
	for (size_t i = start; i < registry->count; i++) {
		if (registry->registers[i].id == id)
			return i;
	}
	for (size_t i = 0; i < start; i++) {
		if (registry->registers[i].id == id)
			return i;
	}
	return registry->count;
}

static int check(const struct sprsync_registry *registry,
		 const struct sprsync_operation *operations, size_t count)
{
	size_t index = 0;

	for (size_t i = 0; i < count; i++) {
		index = find_from(registry, index, operations[i].id);
		if (index == registry->count)
			return -ENOENT;
		if (operations[i].error > 0)
			return -EINPROGRESS;
	}
	return 0;
}

int sprsync_commit(const struct sprsync_registry *registry,
		   const struct sprsync_operation *operations, size_t count,
		   struct sprsync_copy *copies,
		   struct sprsync_refusal *refusals, size_t capacity)
{
	size_t refused = 0;
	size_t index = 0;
	int error;

	error = check(registry, operations, count);
	if (error)
		return error;
	for (size_t i = 0; i < count; i++) {
		const struct sprsync_operation *operation = &operations[i];

		index = find_from(registry, index, operation->id);
		if (operation->error < 0) {
			if (refused < capacity) {
				refusals[refused] = (struct sprsync_refusal){
					.reg = &registry->registers[index],
					.direction = operation->direction,
					.error = operation->error,
				};
			}
			refused++;
		} else if (operation->direction == SPRSYNC_GET) {
			struct sprsync_copy *copy = &copies[index];

			memset(copy->value, 0, sizeof(copy->value));
			memcpy(copy->value, operation->value,
			       sprsync_value_size(operation->id));
			copy->is_valid = 1;
		}
	}
	return (int)refused;
}

int sprsync_get(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry, uint32_t capabilities,
		struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity)
{
	int count;

	count = sprsync_plan_get(registry, capabilities, operations,
				 registry->count);
	if (count < 0)
		return count;
	sprsync_execute(backend, vcpu_fd, operations, (size_t)count);
	return sprsync_commit(registry, operations, (size_t)count, copies,
			      refusals, capacity);
}

int sprsync_put(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry, uint32_t capabilities,
		enum sprsync_level level, struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity)
{
	int count;

	count = sprsync_plan_put(registry, capabilities, level, copies,
				 operations, registry->count);
	if (count < 0)
		return count;
	sprsync_execute(backend, vcpu_fd, operations, (size_t)count);
	return sprsync_commit(registry, operations, (size_t)count, copies,
			      refusals, capacity);
}

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

int sprsync_refusal_text(const struct sprsync_refusal *refusal, char *text,
			 size_t size)
{
	const struct sprsync_register *reg = refusal->reg;
	const char *what = verb(refusal->direction);
	char reason[128];
	int number;

	number = refusal->error > INT32_MIN ? -refusal->error : INT32_MAX;
	/* The XSI strerror_r(): no static buffer, and text for any number. */
	if (strerror_r(number, reason, sizeof(reason)) != 0)
		snprintf(reason, sizeof(reason), "errno %d", number);
	if (reg->spr == SPRSYNC_NO_SPR)
		return snprintf(text, size, "cannot %s %s: %s", what, reg->name,
				reason);
	return snprintf(text, size, "cannot %s SPR %u (%s): %s", what,
			(unsigned int)reg->spr, reg->name, reason);
}
