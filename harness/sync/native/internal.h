/* SPDX-License-Identifier: MIT */
#ifndef SPRSYNC_INTERNAL_H
#define SPRSYNC_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Everything is compiled with hidden visibility; what the public header
 * declares is the exception.  sprsync.map lists the same names.
 */
#pragma GCC visibility push(default)
#include "sprsync.h"
#pragma GCC visibility pop

/* A test builds the files that care for the other byte order too. */
#ifndef SPRSYNC_IS_BIG_ENDIAN
#define SPRSYNC_IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#endif

/* The index of a register's row: SPRSYNC_INDEX_HIOR ... */
enum {
#define SPRSYNC_ROW(name, size, index, spr, group, level, flavours, traits)    \
	SPRSYNC_INDEX_##name,
#include "registers.def"
	SPRSYNC_INDEX_COUNT
};

extern const struct sprsync_register sprsync_table[SPRSYNC_INDEX_COUNT];

/* How part and whole of an overlap are one storage. */
enum sprsync_overlap_kind {
	SPRSYNC_HIGH,
	SPRSYNC_LOW,
	SPRSYNC_SETS,
	SPRSYNC_CLEARS,
	SPRSYNC_EACH,
};

struct sprsync_overlap {
	uint16_t part;
	uint16_t whole;
	uint16_t kind;
};

extern const struct sprsync_overlap sprsync_overlap_table[];
extern const size_t sprsync_overlap_count;

/* As in linux/kvm.h, whose ppc parts a build for another machine may lack. */
#define SPRSYNC_ID_PPC	      0x1000000000000000ULL
#define SPRSYNC_ID_ARCH_MASK  0xff00000000000000ULL
#define SPRSYNC_ID_SIZE_SHIFT 52
#define SPRSYNC_ID_SIZE_MASK  0xfU

#define SPRSYNC_ALL_FLAVOURS   (SPRSYNC_HV | SPRSYNC_PR | SPRSYNC_BOOKE)
#define SPRSYNC_ALL_DIRECTIONS (SPRSYNC_GET | SPRSYNC_PUT)
#define SPRSYNC_ALL_TRAITS     (2U * SPRSYNC_DAWR1 - 1)

static inline bool sprsync_is_size_handled(uint64_t id)
{
	return sprsync_id_size(id) != 0;
}

/* How many bytes of an operation's value are the id's, of any size. */
static inline size_t sprsync_value_size(uint64_t id)
{
	size_t size = (size_t)1
		      << ((id >> SPRSYNC_ID_SIZE_SHIFT) & SPRSYNC_ID_SIZE_MASK);

	return size < SPRSYNC_VALUE_MAX ? size : SPRSYNC_VALUE_MAX;
}

static inline bool sprsync_is_direction(uint32_t direction)
{
	return direction == SPRSYNC_GET || direction == SPRSYNC_PUT;
}

/* Whether the bytes behind the id's width are zero. */
static inline bool sprsync_is_narrow(uint64_t id, const uint8_t *value)
{
	for (size_t i = sprsync_value_size(id); i < SPRSYNC_VALUE_MAX; i++) {
		if (value[i] != 0)
			return false;
	}
	return true;
}

/* Whether two 64-bit words in memory order are what an id has. */
bool sprsync_has_words(uint64_t id);

static inline bool sprsync_is_registry(const struct sprsync_registry *registry)
{
	return registry != NULL && registry->count <= registry->capacity &&
	       (registry->count == 0 ||
		(registry->registers != NULL && registry->index != NULL));
}

static inline bool sprsync_is_options(const struct sprsync_options *options)
{
	return options != NULL && options->reserved == 0 &&
	       (options->omitted & ~SPRSYNC_ALL_TRAITS) == 0 &&
	       (options->flags & ~(uint32_t)SPRSYNC_RAW) == 0;
}

/* overlap.c: what a plan, a commit and a setter do about overlaps. */
int sprsync_align_changed(const struct sprsync_registry *registry,
			  struct sprsync_copy *copies);
void sprsync_align_with(const struct sprsync_registry *registry,
			struct sprsync_copy *copies, size_t index);
void sprsync_note_put(const struct sprsync_registry *registry,
		      struct sprsync_copy *copies, size_t index,
		      const uint8_t *value);
void sprsync_note_got(const struct sprsync_registry *registry,
		      struct sprsync_copy *copies, size_t index,
		      const uint8_t *value);
/* Whether a part's value is what the whole's value says. */
bool sprsync_agrees(const struct sprsync_overlap *overlap, const uint8_t *part,
		    const uint8_t *whole);

#endif /* SPRSYNC_INTERNAL_H */
