// SPDX-License-Identifier: MIT
/* Values as integers and bytes. */
#include <errno.h>

#include "internal.h"

int sprsync_value_read(uint64_t id, const uint8_t *value, uint64_t *number)
{
	size_t size = sprsync_id_size(id);

	if (value == NULL || number == NULL)
		return -EINVAL;
	if (size == 0 || size > sizeof(*number))
		return -EOPNOTSUPP;
	*number = 0;
	for (size_t i = 0; i < size; i++)
		*number |=
			(uint64_t)
				value[SPRSYNC_IS_BIG_ENDIAN ? size - 1 - i : i]
			<< (8 * i);
	return 0;
}

int sprsync_value_write(uint64_t id, uint8_t *value, uint64_t number)
{
	size_t size = sprsync_id_size(id);

	if (value == NULL)
		return -EINVAL;
	if (size == 0 || size > sizeof(number))
		return -EOPNOTSUPP;
	if (size < sizeof(number) && number >> (8 * size) != 0)
		return -ERANGE;
	memset(value, 0, SPRSYNC_VALUE_MAX);
	for (size_t i = 0; i < size; i++)
		value[SPRSYNC_IS_BIG_ENDIAN ? size - 1 - i : i] =
			(uint8_t)(number >> (8 * i));
	return 0;
}

static bool is_copy(const struct sprsync_registry *registry,
		    const struct sprsync_copy *copies, size_t index)
{
	return sprsync_is_registry(registry) && copies != NULL &&
	       index < registry->count;
}

int sprsync_read_u64(const struct sprsync_registry *registry,
		     const struct sprsync_copy *copies, size_t index,
		     uint64_t *number)
{
	if (!is_copy(registry, copies, index))
		return -EINVAL;
	if (!copies[index].is_valid)
		return -ENODATA;
	return sprsync_value_read(registry->registers[index].id,
				  copies[index].value, number);
}

int sprsync_read_bytes(const struct sprsync_registry *registry,
		       const struct sprsync_copy *copies, size_t index,
		       uint8_t *bytes, size_t size)
{
	if (!is_copy(registry, copies, index) || bytes == NULL ||
	    size != sprsync_id_size(registry->registers[index].id))
		return -EINVAL;
	if (!copies[index].is_valid)
		return -ENODATA;
	memcpy(bytes, copies[index].value, size);
	return 0;
}

int sprsync_set_u64(const struct sprsync_registry *registry,
		    struct sprsync_copy *copies, size_t index, uint64_t number)
{
	int error;

	if (!is_copy(registry, copies, index))
		return -EINVAL;
	error = sprsync_value_write(registry->registers[index].id,
				    copies[index].value, number);
	if (error)
		return error;
	copies[index].is_valid = 1;
	sprsync_align_with(registry, copies, index);
	return 0;
}

int sprsync_set_bytes(const struct sprsync_registry *registry,
		      struct sprsync_copy *copies, size_t index,
		      const uint8_t *bytes, size_t size)
{
	if (!is_copy(registry, copies, index) || bytes == NULL ||
	    size != sprsync_id_size(registry->registers[index].id))
		return -EINVAL;
	memset(copies[index].value, 0, SPRSYNC_VALUE_MAX);
	memcpy(copies[index].value, bytes, size);
	copies[index].is_valid = 1;
	sprsync_align_with(registry, copies, index);
	return 0;
}
