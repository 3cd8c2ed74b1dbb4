// SPDX-License-Identifier: MIT
/* Registered SPRs and their copies -> operations. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "internal.h"

static bool is_askable(const struct sprsync_register *reg,
		       uint32_t capabilities)
{
	if (reg->id == sprsync_table[SPRSYNC_INDEX_HIOR].id)
		return (capabilities & SPRSYNC_CAP_HIOR) != 0;
	return true;
}

static void plan_one(struct sprsync_operation *operation, uint64_t id,
		     enum sprsync_direction direction)
{
	memset(operation, 0, sizeof(*operation));
	operation->id = id;
	operation->direction = direction;
	operation->error = SPRSYNC_PENDING;
}

int sprsync_plan_get(const struct sprsync_registry *registry,
		     uint32_t capabilities,
		     struct sprsync_operation *operations, size_t capacity)
{
	size_t planned = 0;

	if ((capabilities & SPRSYNC_CAP_ONE_REG) == 0)
		return 0;
	for (size_t i = 0; i < registry->count; i++) {
		const struct sprsync_register *reg = &registry->registers[i];

		if (!is_askable(reg, capabilities))
			continue;
		if (planned == capacity || planned == INT_MAX)
			return -ENOSPC;
		plan_one(&operations[planned++], reg->id, SPRSYNC_GET);
	}
	return (int)planned;
}

/*
 * KVM has no SLB shadow or dispatch trace log without a VPA: a VPA goes first,
 * and away last.
 */
static bool is_put_last(const struct sprsync_register *reg,
			const struct sprsync_copy *copy)
{
	static const uint8_t zero[SPRSYNC_VALUE_MAX];

	return reg->id == sprsync_table[SPRSYNC_INDEX_VPA_ADDR].id &&
	       memcmp(copy->value, zero, sprsync_value_size(reg->id)) == 0;
}

int sprsync_plan_put(const struct sprsync_registry *registry,
		     uint32_t capabilities, enum sprsync_level level,
		     const struct sprsync_copy *copies,
		     struct sprsync_operation *operations, size_t capacity)
{
	size_t last = registry->count;
	size_t planned = 0;

	if (level < SPRSYNC_RUNTIME || level > SPRSYNC_FULL)
		return -EINVAL;
	if ((capabilities & SPRSYNC_CAP_ONE_REG) == 0)
		return 0;
	for (size_t step = 0; step <= registry->count; step++) {
		size_t i = step < registry->count ? step : last;
		const struct sprsync_register *reg;

		if (i == registry->count)
			break;
		reg = &registry->registers[i];
		if (reg->level > level || !copies[i].is_valid ||
		    !is_askable(reg, capabilities))
			continue;
		if (step < registry->count && is_put_last(reg, &copies[i])) {
			last = i;
			continue;
		}
		if (planned == capacity || planned == INT_MAX)
			return -ENOSPC;
		plan_one(&operations[planned], reg->id, SPRSYNC_PUT);
		memcpy(operations[planned].value, copies[i].value,
		       sprsync_value_size(reg->id));
		planned++;
	}
	return (int)planned;
}
