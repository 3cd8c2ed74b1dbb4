// SPDX-License-Identifier: MIT
/* The known registers: registers.def as data. */
#include <string.h>

#include "internal.h"

/* As in linux/kvm.h, whose ppc parts a build for another machine may lack. */
#define REG_PPC	    0x1000000000000000ULL
#define REG_SIZE(n) ((uint64_t)(n) << SPRSYNC_ID_SIZE_SHIFT)

/* The words that registers.def uses. */
#define SIZE_U32      REG_SIZE(2)
#define SIZE_U64      REG_SIZE(3)
#define SIZE_U128     REG_SIZE(4)
#define LEVEL_RUNTIME SPRSYNC_RUNTIME
#define LEVEL_RESET   SPRSYNC_RESET
#define LEVEL_FULL    SPRSYNC_FULL
#define NONE	      SPRSYNC_NO_SPR
#define HV	      SPRSYNC_HV
#define PR	      SPRSYNC_PR
#define BOOKE	      SPRSYNC_BOOKE

const struct sprsync_register sprsync_table[SPRSYNC_INDEX_COUNT] = {
#define SPRSYNC_ROW(reg, size, index, number, topic, when, kinds)              \
	[SPRSYNC_INDEX_##reg] = {                                              \
		.id = REG_PPC | SIZE_##size | (index),                         \
		.name = #reg,                                                  \
		.group = (topic),                                              \
		.spr = (number),                                               \
		.level = LEVEL_##when,                                         \
		.flavours = (kinds),                                           \
	},
#include "registers.def"
};

static const struct {
	uint16_t one;
	uint16_t other;
} overlaps[] = {
#define SPRSYNC_OVERLAP(a, b) { SPRSYNC_INDEX_##a, SPRSYNC_INDEX_##b },
#include "registers.def"
};

#define OVERLAP_COUNT (sizeof(overlaps) / sizeof(overlaps[0]))

uint32_t sprsync_version(void)
{
	return SPRSYNC_VERSION;
}

size_t sprsync_table_count(void)
{
	return SPRSYNC_INDEX_COUNT;
}

const struct sprsync_register *sprsync_table_row(size_t index)
{
	return index < SPRSYNC_INDEX_COUNT ? &sprsync_table[index] : NULL;
}

const struct sprsync_register *sprsync_find_name(const char *name)
{
	for (size_t i = 0; i < SPRSYNC_INDEX_COUNT; i++) {
		if (strcmp(sprsync_table[i].name, name) == 0)
			return &sprsync_table[i];
	}
	return NULL;
}

const struct sprsync_register *sprsync_find_id(uint64_t id)
{
	for (size_t i = 0; i < SPRSYNC_INDEX_COUNT; i++) {
		if (sprsync_table[i].id == id)
			return &sprsync_table[i];
	}
	return NULL;
}

size_t sprsync_overlaps(uint64_t id, const struct sprsync_register **rows,
			size_t capacity)
{
	size_t found = 0;

	for (size_t i = 0; i < OVERLAP_COUNT; i++) {
		const struct sprsync_register *one, *other, *row;

		one = &sprsync_table[overlaps[i].one];
		other = &sprsync_table[overlaps[i].other];
		if (one->id == id)
			row = other;
		else if (other->id == id)
			row = one;
		else
			continue;
		if (found < capacity)
			rows[found] = row;
		found++;
	}
	return found;
}

size_t sprsync_id_size(uint64_t id)
{
	return (size_t)1 << ((id >> SPRSYNC_ID_SIZE_SHIFT) &
			     SPRSYNC_ID_SIZE_MASK);
}
