// SPDX-License-Identifier: MIT
/* The known registers: registers.def as data. */
#include "internal.h"

#define REG_SIZE(n) ((uint64_t)(n) << SPRSYNC_ID_SIZE_SHIFT)

/* The words that registers.def uses. */
#define SIZE_U32      2
#define SIZE_U64      3
#define SIZE_U128     4
#define LEVEL_RUNTIME SPRSYNC_RUNTIME
#define LEVEL_RESET   SPRSYNC_RESET
#define LEVEL_FULL    SPRSYNC_FULL
#define NONE	      SPRSYNC_NO_SPR
#define HV	      SPRSYNC_HV
#define PR	      SPRSYNC_PR
#define BOOKE	      SPRSYNC_BOOKE
#define IS_WORDS      SPRSYNC_WORDS
#define IS_CHECKPOINT SPRSYNC_CHECKPOINT
#define IS_TM	      SPRSYNC_TM
#define IS_VPA	      SPRSYNC_VPA
#define IS_FPR	      SPRSYNC_FPR
#define IS_VSR	      SPRSYNC_VSR
#define IS_DAWR1      SPRSYNC_DAWR1
/* One column there, a field of its own here. */
#define GET_ONLY 0x10000
#define PUT_ONLY 0x20000

#define DIRECTIONS_OF(column)                                                  \
	((column) == GET_ONLY	? SPRSYNC_GET                                  \
	 : (column) == PUT_ONLY ? SPRSYNC_PUT                                  \
				: SPRSYNC_ALL_DIRECTIONS)

const struct sprsync_register sprsync_table[SPRSYNC_INDEX_COUNT] = {
#define SPRSYNC_ROW(reg, size, index, number, topic, when, kinds, column)      \
	[SPRSYNC_INDEX_##reg] = {                                              \
		.id = SPRSYNC_ID_PPC | REG_SIZE(SIZE_##size) | (index),        \
		.name = #reg,                                                  \
		.group = (topic),                                              \
		.spr = (number),                                               \
		.traits = (column)&0xffff,                                     \
		.level = LEVEL_##when,                                         \
		.flavours = (kinds),                                           \
		.directions = DIRECTIONS_OF(column),                           \
	},
#include "registers.def"
};

const struct sprsync_overlap sprsync_overlap_table[] = {
#define SPRSYNC_OVERLAP(a, b, kind)                                            \
	{ SPRSYNC_INDEX_##a, SPRSYNC_INDEX_##b, SPRSYNC_##kind },
#include "registers.def"
};
const size_t sprsync_overlap_count =
	sizeof(sprsync_overlap_table) / sizeof(sprsync_overlap_table[0]);

/*
 * 1 + the row of an id, by whether it is one of TM's, its size and its index,
 * which is below 256.  A row twice would be a warning of the compiler.
 */
#define ID_INDICES 256
static const uint16_t by_id[2][SIZE_U128 - SIZE_U32 + 1][ID_INDICES] = {
#define SPRSYNC_ROW(reg, size, index, number, topic, when, kinds, column)      \
	[(index) >> 31][SIZE_##size - SIZE_U32][(index)&0x7fffffff] =          \
		SPRSYNC_INDEX_##reg + 1,
#include "registers.def"
};

/* The same by SPR number; of two with one number the later row, the wider. */
#define SPR_COUNT 1024
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const uint16_t by_spr[SPR_COUNT + 1] = {
#define SPRSYNC_ROW(reg, size, index, number, topic, when, kinds, column)      \
	[(number) < SPR_COUNT ? (number) : SPR_COUNT] = SPRSYNC_INDEX_##reg + 1,
#include "registers.def"
};
#pragma GCC diagnostic pop

uint32_t sprsync_version(void)
{
	return SPRSYNC_VERSION;
}

size_t sprsync_table_count(void)
{
	return SPRSYNC_INDEX_COUNT;
}

size_t sprsync_flavour_count(uint8_t flavours)
{
	size_t count = 0;

	for (size_t i = 0; i < SPRSYNC_INDEX_COUNT; i++) {
		if ((sprsync_table[i].flavours & flavours) != 0)
			count++;
	}
	return count;
}

const struct sprsync_register *sprsync_table_row(size_t index)
{
	return index < SPRSYNC_INDEX_COUNT ? &sprsync_table[index] : NULL;
}

const struct sprsync_register *sprsync_find_name(const char *name)
{
	for (size_t i = 0; name != NULL && i < SPRSYNC_INDEX_COUNT; i++) {
		if (strcmp(sprsync_table[i].name, name) == 0)
			return &sprsync_table[i];
	}
	return NULL;
}

static const struct sprsync_register *row_of(uint16_t entry)
{
	return entry == 0 ? NULL : &sprsync_table[entry - 1];
}

const struct sprsync_register *sprsync_find_id(uint64_t id)
{
	uint64_t size = (id >> SPRSYNC_ID_SIZE_SHIFT) & SPRSYNC_ID_SIZE_MASK;
	uint64_t index = id & 0x7fffffff;
	uint64_t is_tm = (id >> 31) & 1;
	uint64_t rest = id & ~(REG_SIZE(SPRSYNC_ID_SIZE_MASK) | 0xffffffff);

	if (rest != SPRSYNC_ID_PPC || !sprsync_is_size_handled(id) ||
	    index >= ID_INDICES)
		return NULL;
	return row_of(by_id[is_tm][size - SIZE_U32][index]);
}

const struct sprsync_register *sprsync_find_spr(uint32_t spr)
{
	return spr < SPR_COUNT ? row_of(by_spr[spr]) : NULL;
}

size_t sprsync_overlaps(uint64_t id, const struct sprsync_register **rows,
			size_t capacity)
{
	size_t found = 0;

	for (size_t i = 0; i < sprsync_overlap_count; i++) {
		const struct sprsync_register *part, *whole, *row;

		part = &sprsync_table[sprsync_overlap_table[i].part];
		whole = &sprsync_table[sprsync_overlap_table[i].whole];
		if (part->id == id)
			row = whole;
		else if (whole->id == id)
			row = part;
		else
			continue;
		if (rows != NULL && found < capacity)
			rows[found] = row;
		found++;
	}
	return found;
}

size_t sprsync_id_size(uint64_t id)
{
	uint64_t exponent =
		(id >> SPRSYNC_ID_SIZE_SHIFT) & SPRSYNC_ID_SIZE_MASK;

	if (exponent < SIZE_U32 || exponent > SIZE_U128)
		return 0;
	return (size_t)1 << exponent;
}

bool sprsync_has_words(uint64_t id)
{
	const struct sprsync_register *row = sprsync_find_id(id);

	return row != NULL && (row->traits & SPRSYNC_WORDS) != 0;
}
