// SPDX-License-Identifier: MIT
/*
 * What a VMM does with bytes that came from elsewhere: decode, check, execute
 * on a kernel that answers as the bytes say, commit, and plan again.  The
 * properties are written down as aborts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kvm.h>

#include "sprsync.h"

#define CAPACITY 128
#define ROWS	 330

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#ifdef SEEDED
/* Without libFuzzer: random streams from a seed, half of them damaged images.
 */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
#endif

static struct sprsync_register storage[ROWS];
static struct sprsync_index indices[ROWS];
static struct sprsync_registry registry;
static struct sprsync_copy copies[ROWS];
static struct sprsync_operation operations[CAPACITY];
static struct sprsync_operation planned[ROWS];
static struct sprsync_refusal refusals[CAPACITY];
static uint8_t refused[ROWS];
static uint8_t
	again[SPRSYNC_IMAGE_HEADER_SIZE + CAPACITY * SPRSYNC_ENCODED_SIZE];

/* Operations that were decoded, checked and executed. */
static unsigned long long frames;

static void report_frames(void)
{
	fprintf(stderr, "frames: %llu\n", frames);
}

static void require(int condition)
{
	if (!condition)
		abort();
}

/* Its answers are the input, over and over. */
struct kernel {
	const uint8_t *bytes;
	size_t size;
	size_t at;
};

static int answer(void *context, int fd, uint64_t request, void *argument)
{
	struct kernel *kernel = context;
	const struct kvm_one_reg *reg = argument;
	uint8_t *value = (uint8_t *)(uintptr_t)reg->addr;
	uint8_t byte = 0;

	(void)fd;
	if (kernel->size > 0)
		byte = kernel->bytes[kernel->at++ % kernel->size];
	require(sprsync_id_size(reg->id) <= SPRSYNC_VALUE_MAX);
	if (request == KVM_GET_ONE_REG)
		memset(value, byte, sprsync_id_size(reg->id));
	return (byte & 3) == 0 ? -(byte >> 2) : byte;
}

static void decode_and_encode(const uint8_t *bytes, size_t size, int64_t count,
			      int is_image)
{
	int64_t written;

	if (is_image)
		written = sprsync_image_encode(operations, (size_t)count, again,
					       sizeof(again));
	else
		written = sprsync_encode(operations, (size_t)count, again,
					 sizeof(again));
	require(written == (int64_t)size);
	require(memcmp(again, bytes, size) == 0);
}

static void synchronise(const uint8_t *bytes, size_t size, size_t count)
{
	struct kernel kernel = { .bytes = bytes, .size = size };
	const struct sprsync_backend backend = { .call = answer,
						 .context = &kernel };
	struct sprsync_options options = {
		.capabilities = SPRSYNC_CAP_ONE_REG | SPRSYNC_CAP_HIOR,
		.refused = refused,
		.flags = size > 40 ? bytes[40] & SPRSYNC_RAW : 0,
		.omitted = size > 48 ? bytes[48] & 0x7f : 0,
	};
	enum sprsync_level level = size > 56 ? 1 + bytes[56] % 3 : SPRSYNC_FULL;
	size_t where = SIZE_MAX;
	int checked, failed, result;

	memset(copies, 0, sizeof(copies));
	memset(refused, 0, sizeof(refused));
	checked = sprsync_check(&registry, operations, count,
				SPRSYNC_GET | SPRSYNC_PUT, &where);
	require(checked == 0 || where < count);
	result = sprsync_accept(&registry, operations, count, copies);
	require(result == 0 || checked != 0);
	if (result == 0) {
		result = sprsync_plan_put(&registry, &options, level, copies,
					  planned, ROWS);
		require(result >= 0 || result == -ESTALE);
		/* What was checked agrees with itself. */
		require(result >= 0 || checked != 0);
		require(result < 0 ||
			(size_t)result <= (count > ROWS ? ROWS : count));
	}
	failed = sprsync_execute(&backend, 3, operations, count);
	require(failed >= 0 && (size_t)failed <= count);
	result = sprsync_commit(&registry, &options, operations, count, copies,
				refusals, CAPACITY);
	require(result == failed || result < 0);
	require(result >= 0 || checked != 0);
	for (int i = 0; i < result; i++) {
		char text[128];

		require(sprsync_refusal_text(&refusals[i], text, sizeof(text)) >
			0);
	}
	result = sprsync_plan_put(&registry, &options, level, copies, planned,
				  ROWS);
	require(result >= 0 || result == -ESTALE);
	/* All 310, which costs more than the rest, every sixteenth time. */
	if (size == 0 || bytes[0] % 16 != 0)
		return;
	require(sprsync_get(&backend, 3, &registry, &options, copies, planned,
			    refusals, CAPACITY) >= 0);
	result = sprsync_plan_put(&registry, &options, SPRSYNC_FULL, copies,
				  planned, ROWS);
	/* Nothing was changed since the get, but where that was refused. */
	require(result >= 0 || result == -ESTALE);
}

/*
 * Random bytes are rarely the ids of registers: what decodes to nothing says
 * instead which rows, directions, errors and values there are.  The result goes
 * over the wire before it is used.
 */
#define MADE_SIZE 20
static int64_t make(const uint8_t *bytes, size_t size)
{
	size_t count = size / MADE_SIZE;
	int64_t written;

	if (count == 0 || count > CAPACITY)
		return -EINVAL;
	for (size_t i = 0; i < count; i++, bytes += MADE_SIZE) {
		struct sprsync_operation *operation = &operations[i];
		size_t row = (size_t)(bytes[0] << 8 | bytes[1]) % 311;

		memset(operation, 0, sizeof(*operation));
		operation->id = row < 310 ? sprsync_table_row(row)->id
					  : 0x1030000000000fffULL;
		operation->direction = 1 + (bytes[2] & 1);
		operation->error = (int8_t)bytes[3] / 32;
		memcpy(operation->value, bytes + 4,
		       sprsync_id_size(operation->id));
	}
	written = sprsync_image_encode(operations, count, again, sizeof(again));
	require(written > 0);
	require(sprsync_image_count(again, (size_t)written) == (int64_t)count);
	return sprsync_image_decode(again, (size_t)written, operations,
				    CAPACITY);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int64_t count;

	if (registry.count == 0) {
		atexit(report_frames);
		require(sprsync_registry_init(&registry, storage, indices,
					      ROWS) == 0);
		require(sprsync_register_table(&registry,
					       SPRSYNC_HV | SPRSYNC_PR |
						       SPRSYNC_BOOKE,
					       NULL, NULL) == 310);
	}
	count = sprsync_image_decode(bytes, size, operations, CAPACITY);
	if (count >= 0) {
		decode_and_encode(bytes, size, count, 1);
	} else {
		count = sprsync_decode(bytes, size, operations, CAPACITY);
		if (count >= 0)
			decode_and_encode(bytes, size, count, 0);
		else
			count = make(bytes, size);
		if (count < 0)
			return 0;
	}
	synchronise(bytes, size, (size_t)count);
	frames += (unsigned long long)count;
	return 0;
}

#ifdef SEEDED
int main(int argc, char **argv)
{
	uint64_t state = argc > 1 ? strtoull(argv[1], NULL, 0) | 1 : 1;
	unsigned long long wanted =
		argc > 2 ? strtoull(argv[2], NULL, 0) : 1000000;
	static uint8_t bytes[sizeof(again)];

	while (frames < wanted) {
		size_t size = next_random(&state) % (CAPACITY * MADE_SIZE);

		for (size_t i = 0; i < size; i += 8) {
			uint64_t random = next_random(&state);

			memcpy(bytes + i, &random, 8);
		}
		LLVMFuzzerTestOneInput(bytes, size);
		if (next_random(&state) % 2 != 0)
			continue;
		/* The image of what this made, with up to three bits turned. */
		size = SPRSYNC_IMAGE_HEADER_SIZE +
		       size / MADE_SIZE * SPRSYNC_ENCODED_SIZE;
		memcpy(bytes, again, size);
		for (uint64_t i = next_random(&state) % 4; i > 0; i--) {
			uint64_t bit = next_random(&state) % (8 * size);

			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		LLVMFuzzerTestOneInput(bytes, size);
	}
	return 0;
}
#endif
