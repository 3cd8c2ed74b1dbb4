// SPDX-License-Identifier: MIT
/* Operations that travel: little endian, whatever the machine. */
#include <errno.h>

#include "internal.h"

enum {
	WIRE_ID = 0,
	WIRE_VALUE = 8,
	WIRE_DIRECTION = 24,
	WIRE_ERROR = 28,
	WIRE_END = 32,
};
_Static_assert((int)WIRE_END == (int)SPRSYNC_ENCODED_SIZE, "public size");
_Static_assert(WIRE_DIRECTION - WIRE_VALUE == SPRSYNC_VALUE_MAX, "value size");

enum {
	IMAGE_MAGIC = 0,
	IMAGE_VERSION = 8,
	IMAGE_COUNT = 12,
	IMAGE_SIZE = 16,
	IMAGE_ZERO = 20,
	IMAGE_END = 32,
};
_Static_assert((int)IMAGE_END == (int)SPRSYNC_IMAGE_HEADER_SIZE, "public size");

static const uint8_t image_magic[8] = "SPRSYNC";

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

/*
 * Between this machine's order and the wire's; the same in both directions. Two
 * words in memory order are each turned where they stand.
 */
static void copy_value(uint8_t *to, const uint8_t *from, uint64_t id)
{
	size_t size = sprsync_value_size(id);
	size_t unit = sprsync_has_words(id) ? size / 2 : size;

	memset(to, 0, SPRSYNC_VALUE_MAX);
	for (size_t i = 0; i < size; i++) {
		size_t in_unit = i % unit;

		to[i] = from[SPRSYNC_IS_BIG_ENDIAN
				     ? i - in_unit + unit - 1 - in_unit
				     : i];
	}
}

static bool is_valid(uint64_t id, const uint8_t *value, uint32_t direction)
{
	return sprsync_is_direction(direction) && sprsync_is_narrow(id, value);
}

int64_t sprsync_encode(const struct sprsync_operation *operations, size_t count,
		       uint8_t *bytes, size_t size)
{
	if (count > 0 && (operations == NULL || bytes == NULL))
		return -EINVAL;
	if (count > size / SPRSYNC_ENCODED_SIZE)
		return -ENOSPC;
	for (size_t i = 0; i < count; i++) {
		const struct sprsync_operation *operation = &operations[i];
		uint8_t *wire = bytes + i * SPRSYNC_ENCODED_SIZE;

		if (!is_valid(operation->id, operation->value,
			      operation->direction))
			return -EINVAL;
		store(wire + WIRE_ID, operation->id, 8);
		copy_value(wire + WIRE_VALUE, operation->value, operation->id);
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
	if (count > 0 && (operations == NULL || bytes == NULL))
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *wire = bytes + i * SPRSYNC_ENCODED_SIZE;
		struct sprsync_operation *operation = &operations[i];
		uint64_t id = load(wire + WIRE_ID, 8);
		uint32_t direction = (uint32_t)load(wire + WIRE_DIRECTION, 4);

		if (!is_valid(id, wire + WIRE_VALUE, direction))
			return -EINVAL;
		operation->id = id;
		copy_value(operation->value, wire + WIRE_VALUE, id);
		operation->direction = direction;
		operation->error = (int32_t)load(wire + WIRE_ERROR, 4);
	}
	return (int64_t)count;
}

int64_t sprsync_image_encode(const struct sprsync_operation *operations,
			     size_t count, uint8_t *bytes, size_t size)
{
	int64_t written;

	if (count > UINT32_MAX || bytes == NULL)
		return -EINVAL;
	if (size < IMAGE_END)
		return -ENOSPC;
	written = sprsync_encode(operations, count, bytes + IMAGE_END,
				 size - IMAGE_END);
	if (written < 0)
		return written;
	memset(bytes, 0, IMAGE_END);
	memcpy(bytes + IMAGE_MAGIC, image_magic, sizeof(image_magic));
	store(bytes + IMAGE_VERSION, SPRSYNC_IMAGE_VERSION, 4);
	store(bytes + IMAGE_COUNT, count, 4);
	store(bytes + IMAGE_SIZE, SPRSYNC_ENCODED_SIZE, 4);
	return IMAGE_END + written;
}

int64_t sprsync_image_count(const uint8_t *bytes, size_t size)
{
	static const uint8_t zero[IMAGE_END - IMAGE_ZERO];
	uint64_t count;

	if (bytes == NULL)
		return -EINVAL;
	if (size < IMAGE_END ||
	    memcmp(bytes + IMAGE_MAGIC, image_magic, sizeof(image_magic)) !=
		    0 ||
	    load(bytes + IMAGE_VERSION, 4) != SPRSYNC_IMAGE_VERSION ||
	    load(bytes + IMAGE_SIZE, 4) != SPRSYNC_ENCODED_SIZE ||
	    memcmp(bytes + IMAGE_ZERO, zero, sizeof(zero)) != 0)
		return -EPROTO;
	count = load(bytes + IMAGE_COUNT, 4);
	if ((size - IMAGE_END) % SPRSYNC_ENCODED_SIZE != 0 ||
	    (size - IMAGE_END) / SPRSYNC_ENCODED_SIZE != count)
		return -EMSGSIZE;
	return (int64_t)count;
}

int64_t sprsync_image_decode(const uint8_t *bytes, size_t size,
			     struct sprsync_operation *operations,
			     size_t capacity)
{
	int64_t count = sprsync_image_count(bytes, size);

	if (count < 0)
		return count;
	return sprsync_decode(bytes + IMAGE_END, size - IMAGE_END, operations,
			      capacity);
}
