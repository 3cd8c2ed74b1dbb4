/* SPDX-License-Identifier: MIT */
#ifndef SPRSYNC_INTERNAL_H
#define SPRSYNC_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Everything is compiled with hidden visibility; what the public header
 * declares is the exception.  sprsync.map lists the same names.
 */
#pragma GCC visibility push(default)
#include "sprsync.h"
#pragma GCC visibility pop

/* The index of a register's row: SPRSYNC_INDEX_HIOR ... */
enum {
#define SPRSYNC_ROW(name, size, index, spr, group, level, flavours)            \
	SPRSYNC_INDEX_##name,
#include "registers.def"
	SPRSYNC_INDEX_COUNT
};

extern const struct sprsync_register sprsync_table[SPRSYNC_INDEX_COUNT];

/* What an id says about the width of its value. */
#define SPRSYNC_ID_SIZE_SHIFT 52
#define SPRSYNC_ID_SIZE_MASK  0xfU

static inline bool sprsync_is_size_handled(uint64_t id)
{
	size_t size = sprsync_id_size(id);

	return size == 4 || size == 8 || size == 16;
}

/* How many bytes of a value are the register's. */
static inline size_t sprsync_value_size(uint64_t id)
{
	size_t size = sprsync_id_size(id);

	return size < SPRSYNC_VALUE_MAX ? size : SPRSYNC_VALUE_MAX;
}

#endif /* SPRSYNC_INTERNAL_H */
