// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "sprsync.h"
#include "wire-cases.h"

#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static struct sprsync_operation operation_of(const struct wire_case *wire)
{
	struct sprsync_operation made = {
		.id = wire->id,
		.direction = wire->direction,
		.error = wire->error,
	};

	for (size_t i = 0; i < wire->size; i++)
		made.value[i] =
			wire->number[wire_number_at(wire, i, IS_BIG_ENDIAN)];
	return made;
}

static void encodes_little_endian(void)
{
	struct sprsync_operation all[WIRE_CASES];
	uint8_t bytes[WIRE_CASES * SPRSYNC_ENCODED_SIZE];

	for (size_t i = 0; i < WIRE_CASES; i++)
		all[i] = operation_of(&wire_cases[i]);
	CHECK_EQUAL(sprsync_encode(all, WIRE_CASES, bytes, sizeof(bytes)),
		    sizeof(bytes));
	for (size_t i = 0; i < WIRE_CASES; i++)
		CHECK(memcmp(bytes + i * SPRSYNC_ENCODED_SIZE,
			     wire_cases[i].wire, SPRSYNC_ENCODED_SIZE) == 0);
}

static void decodes_what_was_encoded(void)
{
	for (size_t i = 0; i < WIRE_CASES; i++) {
		struct sprsync_operation wanted = operation_of(&wire_cases[i]);
		struct sprsync_operation got;

		memset(&got, 0xff, sizeof(got));
		CHECK_EQUAL(sprsync_decode(wire_cases[i].wire,
					   SPRSYNC_ENCODED_SIZE, &got, 1),
			    1);
		CHECK(memcmp(&got, &wanted, sizeof(got)) == 0);
	}
}

static void refuses_parts(void)
{
	struct sprsync_operation got;
	uint8_t bytes[SPRSYNC_ENCODED_SIZE + 1] = { 0 };

	CHECK_EQUAL(sprsync_decode(bytes, SPRSYNC_ENCODED_SIZE - 1, &got, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_decode(bytes, sizeof(bytes), &got, 1), -EINVAL);
	CHECK_EQUAL(sprsync_decode(bytes, 1, &got, 1), -EINVAL);
	CHECK_EQUAL(sprsync_decode(bytes, 0, NULL, 0), 0);
}

static void refuses_more_than_fits(void)
{
	struct sprsync_operation two[2];
	uint8_t bytes[2 * SPRSYNC_ENCODED_SIZE];

	memcpy(bytes, wire_cases[0].wire, SPRSYNC_ENCODED_SIZE);
	memcpy(bytes + SPRSYNC_ENCODED_SIZE, wire_cases[1].wire,
	       SPRSYNC_ENCODED_SIZE);
	CHECK_EQUAL(sprsync_decode(bytes, sizeof(bytes), two, 1), -ENOSPC);
	CHECK_EQUAL(sprsync_decode(bytes, sizeof(bytes), two, 2), 2);
	CHECK_EQUAL(sprsync_encode(two, 2, bytes, sizeof(bytes) - 1), -ENOSPC);
	CHECK_EQUAL(sprsync_encode(two, SIZE_MAX, bytes, sizeof(bytes)),
		    -ENOSPC);
}

static void refuses_unknown_directions(void)
{
	static const uint8_t bad[] = { 0, 3, 0xff };

	for (size_t i = 0; i < sizeof(bad); i++) {
		struct sprsync_operation made = operation_of(&wire_cases[0]);
		uint8_t bytes[SPRSYNC_ENCODED_SIZE];

		made.direction = bad[i];
		CHECK_EQUAL(sprsync_encode(&made, 1, bytes, sizeof(bytes)),
			    -EINVAL);
		memcpy(bytes, wire_cases[0].wire, sizeof(bytes));
		bytes[24] = bad[i];
		CHECK_EQUAL(sprsync_decode(bytes, sizeof(bytes), &made, 1),
			    -EINVAL);
		bytes[24] = SPRSYNC_GET;
		bytes[27] = bad[i];
		CHECK_EQUAL(sprsync_decode(bytes, sizeof(bytes), &made, 1),
			    bad[i] ? -EINVAL : 1);
	}
}

static void refuses_wide_values(void)
{
	struct sprsync_operation made = operation_of(&wire_cases[0]);
	uint8_t bytes[SPRSYNC_ENCODED_SIZE];

	memcpy(bytes, wire_cases[0].wire, sizeof(bytes));
	bytes[12] = 1;
	CHECK_EQUAL(sprsync_decode(bytes, sizeof(bytes), &made, 1), -EINVAL);
	made = operation_of(&wire_cases[0]);
	made.value[15] = 1;
	CHECK_EQUAL(sprsync_encode(&made, 1, bytes, sizeof(bytes)), -EINVAL);
}

static void carries_ids_of_any_size(void)
{
	for (uint64_t size = 0; size < 16; size++) {
		struct sprsync_operation made = {
			.id = 0xf00fffffffffffffULL | size << 52,
			.direction = SPRSYNC_GET,
			.value = { 0x7f },
			.error = INT32_MIN,
		};
		struct sprsync_operation got;
		uint8_t bytes[SPRSYNC_ENCODED_SIZE];

		CHECK_EQUAL(sprsync_encode(&made, 1, bytes, sizeof(bytes)),
			    sizeof(bytes));
		CHECK_EQUAL(sprsync_decode(bytes, sizeof(bytes), &got, 1), 1);
		CHECK(memcmp(&got, &made, sizeof(got)) == 0);
	}
}

static const struct test tests[] = {
	{ "operations are encoded little endian", encodes_little_endian },
	{ "decoding gives back what was encoded", decodes_what_was_encoded },
	{ "bytes that are no whole number of operations are EINVAL",
	  refuses_parts },
	{ "more than fits is ENOSPC", refuses_more_than_fits },
	{ "an unknown direction is EINVAL", refuses_unknown_directions },
	{ "a value wider than its id is EINVAL", refuses_wide_values },
	{ "an id of any size travels", carries_ids_of_any_size },
};

int main(void)
{
	return RUN_TESTS(tests);
}
