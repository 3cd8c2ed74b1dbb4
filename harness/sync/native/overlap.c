// SPDX-License-Identifier: MIT
/* Copies of registers that are one storage: which of them is the newer. */
#include <errno.h>

#include "internal.h"

/* Where in a whole's value, in this machine's byte order, its part stands. */
static size_t offset_in(const struct sprsync_overlap *overlap, size_t part,
			size_t whole)
{
	bool is_high = overlap->kind == SPRSYNC_HIGH;

	return is_high != SPRSYNC_IS_BIG_ENDIAN ? whole - part : 0;
}

static bool is_half(const struct sprsync_overlap *overlap)
{
	return overlap->kind == SPRSYNC_HIGH || overlap->kind == SPRSYNC_LOW;
}

static uint64_t part_id(const struct sprsync_overlap *overlap)
{
	return sprsync_table[overlap->part].id;
}

static uint64_t whole_id(const struct sprsync_overlap *overlap)
{
	return sprsync_table[overlap->whole].id;
}

static const uint8_t *part_in(const struct sprsync_overlap *overlap,
			      const uint8_t *whole)
{
	return whole + offset_in(overlap, sprsync_id_size(part_id(overlap)),
				 sprsync_id_size(whole_id(overlap)));
}

bool sprsync_agrees(const struct sprsync_overlap *overlap, const uint8_t *part,
		    const uint8_t *whole)
{
	return !is_half(overlap) ||
	       memcmp(part, part_in(overlap, whole),
		      sprsync_id_size(part_id(overlap))) == 0;
}

static void take_from_whole(const struct sprsync_overlap *overlap,
			    uint8_t *part, const uint8_t *whole)
{
	memcpy(part, part_in(overlap, whole),
	       sprsync_id_size(part_id(overlap)));
}

static void put_into_whole(const struct sprsync_overlap *overlap,
			   const uint8_t *part, uint8_t *whole)
{
	size_t size = sprsync_id_size(part_id(overlap));

	memcpy(whole + offset_in(overlap, size,
				 sprsync_id_size(whole_id(overlap))),
	       part, size);
}

/* The copies of an overlap; false when not both are registered and valid. */
static bool find_both(const struct sprsync_registry *registry,
		      struct sprsync_copy *copies,
		      const struct sprsync_overlap *overlap,
		      struct sprsync_copy **part, struct sprsync_copy **whole)
{
	int64_t i = sprsync_index_of_id(registry, part_id(overlap));
	int64_t j = sprsync_index_of_id(registry, whole_id(overlap));

	if (i < 0 || j < 0)
		return false;
	*part = &copies[i];
	*whole = &copies[j];
	return (*part)->is_valid && (*whole)->is_valid;
}

static bool is_changed(const struct sprsync_copy *copy, uint64_t id)
{
	return !copy->is_synced ||
	       memcmp(copy->value, copy->synced, sprsync_id_size(id)) != 0;
}

int sprsync_align_changed(const struct sprsync_registry *registry,
			  struct sprsync_copy *copies)
{
	const struct sprsync_overlap *overlaps = sprsync_overlap_table;
	struct sprsync_copy *part, *whole;

	/* All of it or nothing: who gets an error has what there was. */
	for (size_t i = 0; i < sprsync_overlap_count; i++) {
		if (!is_half(&overlaps[i]) ||
		    !find_both(registry, copies, &overlaps[i], &part, &whole))
			continue;
		if (is_changed(part, part_id(&overlaps[i])) &&
		    is_changed(whole, whole_id(&overlaps[i])) &&
		    !sprsync_agrees(&overlaps[i], part->value, whole->value))
			return -ESTALE;
	}
	for (size_t i = 0; i < sprsync_overlap_count; i++) {
		if (!is_half(&overlaps[i]) ||
		    !find_both(registry, copies, &overlaps[i], &part, &whole))
			continue;
		if (is_changed(part, part_id(&overlaps[i])))
			put_into_whole(&overlaps[i], part->value, whole->value);
		else if (is_changed(whole, whole_id(&overlaps[i])))
			take_from_whole(&overlaps[i], part->value,
					whole->value);
	}
	return 0;
}

/* Which of the overlaps of a register have both copies. */
static bool find_overlap(const struct sprsync_registry *registry,
			 struct sprsync_copy *copies, size_t index,
			 const struct sprsync_overlap *overlap,
			 struct sprsync_copy **part,
			 struct sprsync_copy **whole)
{
	uint64_t id = registry->registers[index].id;

	return (part_id(overlap) == id || whole_id(overlap) == id) &&
	       find_both(registry, copies, overlap, part, whole);
}

void sprsync_align_with(const struct sprsync_registry *registry,
			struct sprsync_copy *copies, size_t index)
{
	struct sprsync_copy *part, *whole;

	for (size_t i = 0; i < sprsync_overlap_count; i++) {
		const struct sprsync_overlap *overlap =
			&sprsync_overlap_table[i];

		if (!is_half(overlap) || !find_overlap(registry, copies, index,
						       overlap, &part, &whole))
			continue;
		if (part == &copies[index])
			put_into_whole(overlap, part->value, whole->value);
		else
			take_from_whole(overlap, part->value, whole->value);
	}
}

/* What a command that was put made of the register that it is about. */
static void apply_command(const struct sprsync_overlap *overlap,
			  const uint8_t *command, uint8_t *whole)
{
	for (size_t i = 0; i < sprsync_id_size(whole_id(overlap)); i++) {
		if (overlap->kind == SPRSYNC_SETS)
			whole[i] |= command[i];
		else
			whole[i] &= (uint8_t)~command[i];
	}
}

/*
 * The kernel has value now, in the other registers of its storage too.  A whole
 * says all of its part; a part does not say whether its whole is known.
 */
static void note_other(const struct sprsync_overlap *overlap, bool is_part,
		       const uint8_t *value, struct sprsync_copy *part,
		       struct sprsync_copy *whole)
{
	if (is_part) {
		put_into_whole(overlap, value, whole->synced);
	} else {
		take_from_whole(overlap, part->synced, value);
		part->is_synced = 1;
	}
}

void sprsync_note_put(const struct sprsync_registry *registry,
		      struct sprsync_copy *copies, size_t index,
		      const uint8_t *value)
{
	struct sprsync_copy *part, *whole;

	memcpy(copies[index].synced, value, SPRSYNC_VALUE_MAX);
	copies[index].is_synced = 1;
	for (size_t i = 0; i < sprsync_overlap_count; i++) {
		const struct sprsync_overlap *overlap =
			&sprsync_overlap_table[i];

		if (!find_overlap(registry, copies, index, overlap, &part,
				  &whole))
			continue;
		if (is_half(overlap)) {
			note_other(overlap, part == &copies[index], value, part,
				   whole);
		} else if (overlap->kind != SPRSYNC_EACH &&
			   part == &copies[index]) {
			apply_command(overlap, value, whole->value);
			apply_command(overlap, value, whole->synced);
		}
	}
}

/*
 * Without this a copy that is set and not got itself (FPR3, in a VMM that gets
 * VSRs) would look changed for ever, and undo what the guest did.
 */
void sprsync_note_got(const struct sprsync_registry *registry,
		      struct sprsync_copy *copies, size_t index,
		      const uint8_t *value)
{
	struct sprsync_copy *part, *whole;

	for (size_t i = 0; i < sprsync_overlap_count; i++) {
		const struct sprsync_overlap *overlap =
			&sprsync_overlap_table[i];
		bool is_part;

		if (!is_half(overlap) || !find_overlap(registry, copies, index,
						       overlap, &part, &whole))
			continue;
		is_part = part == &copies[index];
		if (is_part)
			put_into_whole(overlap, value, whole->value);
		else
			take_from_whole(overlap, part->value, value);
		note_other(overlap, is_part, value, part, whole);
	}
}
