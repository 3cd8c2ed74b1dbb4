// SPDX-License-Identifier: MIT
/* Operations that came from elsewhere. */
#include <errno.h>

#include "internal.h"

static int check_one(const struct sprsync_registry *registry,
		     const struct sprsync_operation *operation,
		     uint32_t direction)
{
	int64_t index = sprsync_index_of_id(registry, operation->id);

	if (index < 0)
		return -ENOENT;
	if (!sprsync_is_direction(operation->direction) ||
	    operation->error > SPRSYNC_PENDING ||
	    !sprsync_is_narrow(operation->id, operation->value))
		return -EINVAL;
	if ((operation->direction & direction &
	     registry->registers[index].directions) == 0)
		return -EACCES;
	return 0;
}

static bool is_same(const struct sprsync_operation *one,
		    const struct sprsync_operation *other)
{
	return one->id == other->id && one->direction == other->direction;
}

/*
 * The first operation whose like was there before, or count.  Quadratic, which
 * for the 310 of the table takes 50 us; more than the registry has directions
 * cannot be without a double, so no stream makes it worse than its registry.
 */
static size_t find_double(const struct sprsync_registry *registry,
			  const struct sprsync_operation *operations,
			  size_t count)
{
	size_t most = 2 * registry->count + 1;

	for (size_t i = 1; i < count && i < most; i++) {
		for (size_t j = 0; j < i; j++) {
			if (is_same(&operations[i], &operations[j]))
				return i;
		}
	}
	return count;
}

/* A get that was refused, or not executed, says nothing of its register. */
static bool has_value(const struct sprsync_operation *operation)
{
	return operation->direction == SPRSYNC_GET ? operation->error == 0
						   : operation->error >= 0;
}

static size_t find(const struct sprsync_operation *operations, size_t count,
		   uint16_t row, uint32_t direction)
{
	const struct sprsync_operation wanted = {
		.id = sprsync_table[row].id,
		.direction = direction,
	};
	size_t i = 0;

	while (i < count &&
	       !(is_same(&operations[i], &wanted) && has_value(&operations[i])))
		i++;
	return i;
}

/* The later of two operations on one storage that do not agree, or count. */
static size_t find_disagreement(const struct sprsync_operation *operations,
				size_t count)
{
	static const uint32_t pairs[][2] = {
		{ SPRSYNC_PUT, SPRSYNC_PUT },
		{ SPRSYNC_PUT, SPRSYNC_GET },
		{ SPRSYNC_GET, SPRSYNC_PUT },
		{ SPRSYNC_GET, SPRSYNC_GET },
	};

	for (size_t i = 0; i < 4 * sprsync_overlap_count; i++) {
		const struct sprsync_overlap *overlap =
			&sprsync_overlap_table[i / 4];
		size_t part =
			find(operations, count, overlap->part, pairs[i % 4][0]);
		size_t whole = find(operations, count, overlap->whole,
				    pairs[i % 4][1]);

		if (part < count && whole < count &&
		    !sprsync_agrees(overlap, operations[part].value,
				    operations[whole].value))
			return part > whole ? part : whole;
	}
	return count;
}

int sprsync_check(const struct sprsync_registry *registry,
		  const struct sprsync_operation *operations, size_t count,
		  uint32_t direction, size_t *where)
{
	size_t at;
	int error = 0;

	if (!sprsync_is_registry(registry) || direction == 0 ||
	    (direction & ~(uint32_t)SPRSYNC_ALL_DIRECTIONS) != 0 ||
	    (count > 0 && operations == NULL))
		return -EINVAL;
	for (at = 0; at < count; at++) {
		error = check_one(registry, &operations[at], direction);
		if (error)
			break;
	}
	if (!error) {
		at = find_double(registry, operations, count);
		error = at < count ? -EEXIST : 0;
	}
	if (!error) {
		at = find_disagreement(operations, count);
		error = at < count ? -ESTALE : 0;
	}
	if (error && where != NULL)
		*where = at;
	return error;
}

int sprsync_accept(const struct sprsync_registry *registry,
		   const struct sprsync_operation *operations, size_t count,
		   struct sprsync_copy *copies)
{
	if (!sprsync_is_registry(registry) ||
	    (count > 0 && operations == NULL) ||
	    (registry->count > 0 && copies == NULL))
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		if (sprsync_index_of_id(registry, operations[i].id) < 0)
			return -ENOENT;
	}
	if (registry->count > 0)
		memset(copies, 0, registry->count * sizeof(*copies));
	for (size_t i = 0; i < count; i++) {
		int64_t index = sprsync_index_of_id(registry, operations[i].id);

		if (!has_value(&operations[i]))
			continue;
		memcpy(copies[index].value, operations[i].value,
		       sprsync_id_size(operations[i].id));
		copies[index].is_valid = 1;
	}
	return 0;
}
