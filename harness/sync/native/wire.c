// SPDX-License-Identifier: MIT
/* Operations that travel: little endian, whatever the machine. */
#include <errno.h>
#include <string.h>

#include "internal.h"

/* A test builds this file for the other byte order too. */
#ifndef SPRSYNC_IS_BIG_ENDIAN
#define SPRSYNC_IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#endif

enum {
	WIRE_ID = 0,
	WIRE_VALUE = 8,
	WIRE_DIRECTION = 24,
	WIRE_ERROR = 28,
	WIRE_END = 32,
};
_Static_assert(WIRE_END == SPRSYNC_ENCODED_SIZE, "public size");
_Static_assert(WIRE_DIRECTION - WIRE_VALUE == SPRSYNC_VALUE_MAX, "value size");

static void store(uint8_t *bytes, uint64_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(number >> (8 * i));
}

static uint64_t load(const uint8_t *bytes, size_t size)
{
	uint64_t number = 0;

	for (size_t i = size; i > 0; i--)
		number = number << 8 | bytes[i - 1];
	return number;
}

/* Between this machine's order and the wire's; the same in both directions. */
static void copy_value(uint8_t *to, const uint8_t *from, size_t size)
{
	memset(to, 0, SPRSYNC_VALUE_MAX);
	for (size_t i = 0; i < size; i++)
		to[i] = from[SPRSYNC_IS_BIG_ENDIAN ? size - 1 - i : i];
}

static bool is_valid(uint64_t id, const uint8_t *value, uint32_t direction)
{
	if (direction != SPRSYNC_GET && direction != SPRSYNC_PUT)
		return false;
	for (size_t i = sprsync_value_size(id); i < SPRSYNC_VALUE_MAX; i++) {
		if (value[i] != 0)
			return false;
	}
	return true;
}

int64_t sprsync_encode(const struct sprsync_operation *operations, size_t count,
		       uint8_t *bytes, size_t size)
{
	if (count > size / SPRSYNC_ENCODED_SIZE)
		return -ENOSPC;
	for (size_t i = 0; i < count; i++) {
		const struct sprsync_operation *operation = &operations[i];
		uint8_t *wire = bytes + i * SPRSYNC_ENCODED_SIZE;

		if (!is_valid(operation->id, operation->value,
			      operation->direction))
			return -EINVAL;
		store(wire + WIRE_ID, operation->id, 8);
		copy_value(wire + WIRE_VALUE, operation->value,
			   sprsync_value_size(operation->id));
		store(wire + WIRE_DIRECTION, operation->direction, 4);
		store(wire + WIRE_ERROR, (uint32_t)operation->error, 4);
	}
	return (int64_t)(count * SPRSYNC_ENCODED_SIZE);
}

int64_t sprsync_decode(const uint8_t *bytes, size_t size,
		       struct sprsync_operation *operations, size_t capacity)
{
	size_t count = size / SPRSYNC_ENCODED_SIZE;

	if (size % SPRSYNC_ENCODED_SIZE != 0)
		return -EINVAL;
	if (count > capacity)
		return -ENOSPC;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *wire = bytes + i * SPRSYNC_ENCODED_SIZE;
		struct sprsync_operation *operation = &operations[i];
		uint64_t id = load(wire + WIRE_ID, 8);
		uint32_t direction = (uint32_t)load(wire + WIRE_DIRECTION, 4);

		if (!is_valid(id, wire + WIRE_VALUE, direction))
			return -EINVAL;
		operation->id = id;
		copy_value(operation->value, wire + WIRE_VALUE,
			   sprsync_value_size(id));
		operation->direction = direction;
		operation->error = (int32_t)load(wire + WIRE_ERROR, 4);
	}
	return (int64_t)count;
}
