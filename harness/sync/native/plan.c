// SPDX-License-Identifier: MIT
/* Registered SPRs and their copies -> operations. */
#include <errno.h>
#include <limits.h>

#include "internal.h"

static bool is_planned(const struct sprsync_registry *registry,
		       const struct sprsync_options *options, size_t index,
		       uint32_t direction)
{
	const struct sprsync_register *reg = &registry->registers[index];

	if (reg->id == sprsync_table[SPRSYNC_INDEX_HIOR].id &&
	    (options->capabilities & SPRSYNC_CAP_HIOR) == 0)
		return false;
	if ((reg->directions & direction) == 0 &&
	    (options->flags & SPRSYNC_RAW) == 0)
		return false;
	if ((reg->traits & options->omitted) != 0)
		return false;
	if (options->refused != NULL &&
	    (options->refused[index] & direction) != 0)
		return false;
	return options->filter == NULL ||
	       options->filter(options->context, reg, direction) != 0;
}

/* The next operation of a plan, or NULL when there is no room. */
static struct sprsync_operation *
next_operation(struct sprsync_operation *operations, size_t capacity,
	       size_t planned, uint64_t id, enum sprsync_direction direction)
{
	struct sprsync_operation *operation = &operations[planned];

	if (planned >= capacity || planned >= INT_MAX)
		return NULL;
	memset(operation, 0, sizeof(*operation));
	operation->id = id;
	operation->direction = direction;
	operation->error = SPRSYNC_PENDING;
	return operation;
}

static bool is_plan(const struct sprsync_registry *registry,
		    const struct sprsync_options *options,
		    const struct sprsync_operation *operations, size_t capacity)
{
	return sprsync_is_registry(registry) && sprsync_is_options(options) &&
	       (operations != NULL || capacity == 0);
}

int sprsync_plan_get(const struct sprsync_registry *registry,
		     const struct sprsync_options *options,
		     struct sprsync_operation *operations, size_t capacity)
{
	size_t planned = 0;

	if (!is_plan(registry, options, operations, capacity))
		return -EINVAL;
	if ((options->capabilities & SPRSYNC_CAP_ONE_REG) == 0)
		return 0;
	for (size_t i = 0; i < registry->count; i++) {
		if (!is_planned(registry, options, i, SPRSYNC_GET))
			continue;
		if (next_operation(operations, capacity, planned,
				   registry->registers[i].id,
				   SPRSYNC_GET) == NULL)
			return -ENOSPC;
		planned++;
	}
	return (int)planned;
}

/*
 * Which round of a put has a register, so that the order of registration does
 * not matter to what depends on something else.
 */
enum { ROUND_FIRST, ROUND_PLAIN, ROUND_AFTER, ROUND_LAST, ROUNDS };

static int round_of(uint64_t id, const uint8_t *value)
{
	static const uint8_t zero[SPRSYNC_VALUE_MAX];

#define SPRSYNC_FIRST(name)                                                    \
	if (id == sprsync_table[SPRSYNC_INDEX_##name].id)                      \
		return ROUND_FIRST;
#define SPRSYNC_AFTER(name, first)                                             \
	if (id == sprsync_table[SPRSYNC_INDEX_##name].id)                      \
		return ROUND_AFTER;
#include "registers.def"
	/*
	 * KVM has no SLB shadow or dispatch trace log without a VPA, which
	 * goes away last.
	 */
	if (id == sprsync_table[SPRSYNC_INDEX_VPA_ADDR].id &&
	    memcmp(value, zero, sizeof(zero)) == 0)
		return ROUND_LAST;
	return ROUND_PLAIN;
}

/* A register's value, from the VMM's storage or its copy; as a load. */
static int load_value(const struct sprsync_options *options,
		      const struct sprsync_register *reg,
		      const struct sprsync_copy *copy, uint8_t *value)
{
	memset(value, 0, SPRSYNC_VALUE_MAX);
	if (options->load != NULL)
		return options->load(options->context, reg, value);
	if (!copy->is_valid)
		return 0;
	memcpy(value, copy->value, sprsync_id_size(reg->id));
	return 1;
}

int sprsync_plan_put(const struct sprsync_registry *registry,
		     const struct sprsync_options *options,
		     enum sprsync_level level, struct sprsync_copy *copies,
		     struct sprsync_operation *operations, size_t capacity)
{
	size_t ends[ROUNDS] = { 0 };
	size_t planned = 0;
	int error = 0;

	if (!is_plan(registry, options, operations, capacity) ||
	    level < SPRSYNC_RUNTIME || level > SPRSYNC_FULL ||
	    (registry->count > 0 && copies == NULL && options->load == NULL))
		return -EINVAL;
	if ((options->capabilities & SPRSYNC_CAP_ONE_REG) == 0)
		return 0;
	if (options->load == NULL && (options->flags & SPRSYNC_RAW) == 0)
		error = sprsync_align_changed(registry, copies);
	if (error)
		return error;
	for (size_t i = 0; i < registry->count; i++) {
		const struct sprsync_register *reg = &registry->registers[i];
		struct sprsync_operation *operation, put;
		int found, round;

		if (reg->level > level ||
		    !is_planned(registry, options, i, SPRSYNC_PUT))
			continue;
		found = load_value(options, reg,
				   copies == NULL ? NULL : &copies[i],
				   put.value);
		if (found <= 0) {
			if (found < 0)
				return found;
			continue;
		}
		operation = next_operation(operations, capacity, planned,
					   reg->id, SPRSYNC_PUT);
		if (operation == NULL)
			return -ENOSPC;
		memcpy(operation->value, put.value, sprsync_id_size(reg->id));
		/* The rare one that belongs before what is there moves up. */
		round = round_of(reg->id, operation->value);
		if (ends[round] < planned) {
			put = *operation;
			memmove(&operations[ends[round] + 1],
				&operations[ends[round]],
				(planned - ends[round]) * sizeof(put));
			operations[ends[round]] = put;
		}
		for (; round < ROUNDS; round++)
			ends[round]++;
		planned++;
	}
	return (int)planned;
}
