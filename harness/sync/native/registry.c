// SPDX-License-Identifier: MIT
/* The SPRs that a VMM registered, and how they are found. */
#include <errno.h>
#include <limits.h>

#include "internal.h"

/* Of a chain or a bucket: nothing (more). */
#define END UINT32_MAX

#define SPR_MAX 1023

int sprsync_registry_init(struct sprsync_registry *registry,
			  struct sprsync_register *storage,
			  struct sprsync_index *index, size_t capacity)
{
	if (registry == NULL || capacity > INT_MAX ||
	    (capacity > 0 && (storage == NULL || index == NULL)))
		return -EINVAL;
	registry->registers = storage;
	registry->index = index;
	registry->count = 0;
	registry->capacity = capacity;
	if (capacity > 0)
		memset(index, 0xff, capacity * sizeof(*index));
	return 0;
}

/*
 * The index is three hash tables that chain rows: as many buckets as there can
 * be rows, each bucket's first row and each row's next one in one array.
 */
static size_t bucket_of_id(const struct sprsync_registry *registry, uint64_t id)
{
	id *= 0x9e3779b97f4a7c15ULL; /* 2^64 / the golden ratio */
	return (size_t)((id >> 32) % registry->capacity);
}

static size_t bucket_of_spr(const struct sprsync_registry *registry,
			    uint32_t spr)
{
	return spr % registry->capacity;
}

static size_t bucket_of_name(const struct sprsync_registry *registry,
			     const char *name)
{
	uint32_t hash = 2166136261U; /* FNV-1a */

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619U;
	return hash % registry->capacity;
}

int64_t sprsync_index_of_id(const struct sprsync_registry *registry,
			    uint64_t id)
{
	if (!sprsync_is_registry(registry))
		return -EINVAL;
	if (registry->count == 0)
		return -ENOENT;
	for (uint32_t i = registry->index[bucket_of_id(registry, id)].id_first;
	     i != END; i = registry->index[i].id_next) {
		if (registry->registers[i].id == id)
			return i;
	}
	return -ENOENT;
}

int64_t sprsync_index_of_spr(const struct sprsync_registry *registry,
			     uint32_t spr)
{
	const struct sprsync_register *reg;
	int64_t found = -ENOENT;
	size_t width = 0;

	if (!sprsync_is_registry(registry))
		return -EINVAL;
	if (registry->count == 0 || spr > SPR_MAX)
		return -ENOENT;
	/* A chain has its latest row first: on equal width the earlier wins. */
	for (uint32_t i =
		     registry->index[bucket_of_spr(registry, spr)].spr_first;
	     i != END; i = registry->index[i].spr_next) {
		reg = &registry->registers[i];
		if (reg->spr != spr || sprsync_id_size(reg->id) < width)
			continue;
		width = sprsync_id_size(reg->id);
		found = i;
	}
	return found;
}

int64_t sprsync_index_of_name(const struct sprsync_registry *registry,
			      const char *name)
{
	if (!sprsync_is_registry(registry) || name == NULL)
		return -EINVAL;
	if (registry->count == 0)
		return -ENOENT;
	for (uint32_t i =
		     registry->index[bucket_of_name(registry, name)].name_first;
	     i != END; i = registry->index[i].name_next) {
		if (strcmp(registry->registers[i].name, name) == 0)
			return i;
	}
	return -ENOENT;
}

static bool is_register(const struct sprsync_register *reg)
{
	static const uint8_t zero[sizeof(reg->reserved)];

	if (reg == NULL || reg->name == NULL || reg->name[0] == '\0')
		return false;
	if ((reg->id & SPRSYNC_ID_ARCH_MASK) != SPRSYNC_ID_PPC ||
	    !sprsync_is_size_handled(reg->id))
		return false;
	if (reg->spr > SPR_MAX && reg->spr != SPRSYNC_NO_SPR)
		return false;
	if (reg->level < SPRSYNC_RUNTIME || reg->level > SPRSYNC_FULL)
		return false;
	if (reg->flavours == 0 || (reg->flavours & ~SPRSYNC_ALL_FLAVOURS) != 0)
		return false;
	if (reg->directions == 0 ||
	    (reg->directions & ~SPRSYNC_ALL_DIRECTIONS) != 0)
		return false;
	if ((reg->traits & ~SPRSYNC_ALL_TRAITS) != 0 ||
	    ((reg->traits & SPRSYNC_WORDS) != 0) != sprsync_has_words(reg->id))
		return false;
	return memcmp(reg->reserved, zero, sizeof(zero)) == 0;
}

/* Puts row count into its three chains. */
static void link_row(struct sprsync_registry *registry)
{
	uint32_t row = (uint32_t)registry->count;
	const struct sprsync_register *reg = &registry->registers[row];
	struct sprsync_index *index = registry->index;
	size_t bucket;

	bucket = bucket_of_id(registry, reg->id);
	index[row].id_next = index[bucket].id_first;
	index[bucket].id_first = row;
	bucket = bucket_of_name(registry, reg->name);
	index[row].name_next = index[bucket].name_first;
	index[bucket].name_first = row;
	if (reg->spr != SPRSYNC_NO_SPR) {
		bucket = bucket_of_spr(registry, reg->spr);
		index[row].spr_next = index[bucket].spr_first;
		index[bucket].spr_first = row;
	}
}

/* The reverse, for the row that was linked last. */
static void unlink_last(struct sprsync_registry *registry)
{
	uint32_t row = (uint32_t)--registry->count;
	const struct sprsync_register *reg = &registry->registers[row];
	struct sprsync_index *index = registry->index;

	index[bucket_of_id(registry, reg->id)].id_first = index[row].id_next;
	index[bucket_of_name(registry, reg->name)].name_first =
		index[row].name_next;
	if (reg->spr != SPRSYNC_NO_SPR)
		index[bucket_of_spr(registry, reg->spr)].spr_first =
			index[row].spr_next;
	index[row].id_next = END;
	index[row].name_next = END;
	index[row].spr_next = END;
}

int sprsync_register(struct sprsync_registry *registry,
		     const struct sprsync_register *reg)
{
	if (!sprsync_is_registry(registry) || !is_register(reg))
		return -EINVAL;
	if (sprsync_index_of_id(registry, reg->id) >= 0 ||
	    sprsync_index_of_name(registry, reg->name) >= 0)
		return -EEXIST;
	if (registry->count == registry->capacity)
		return -ENOSPC;
	registry->registers[registry->count] = *reg;
	link_row(registry);
	registry->count++;
	return 0;
}

int sprsync_register_table(struct sprsync_registry *registry, uint8_t flavours,
			   sprsync_choose_fn choose, void *context)
{
	size_t before;

	if (!sprsync_is_registry(registry) || flavours == 0 ||
	    (flavours & ~SPRSYNC_ALL_FLAVOURS) != 0)
		return -EINVAL;
	before = registry->count;
	for (size_t i = 0; i < SPRSYNC_INDEX_COUNT; i++) {
		struct sprsync_register row = sprsync_table[i];
		int result = 1;

		if ((row.flavours & flavours) == 0)
			continue;
		if (choose != NULL)
			result = choose(context, &row);
		if (result == 0)
			continue;
		if (result > 0)
			result = sprsync_register(registry, &row);
		if (result < 0) {
			while (registry->count > before)
				unlink_last(registry);
			return result;
		}
	}
	return (int)(registry->count - before);
}
