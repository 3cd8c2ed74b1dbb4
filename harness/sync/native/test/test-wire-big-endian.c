// SPDX-License-Identifier: MIT
/*
 * wire.c as a big endian machine compiles it.  Only the order of a value's
 * bytes depends on the machine; the numbers next to it are shifted and work
 * anywhere.
 */
#define SPRSYNC_IS_BIG_ENDIAN 1
#define sprsync_encode	      big_endian_encode
#define sprsync_decode	      big_endian_decode
#define sprsync_image_encode  big_endian_image_encode
#define sprsync_image_count   big_endian_image_count
#define sprsync_image_decode  big_endian_image_decode
#include "../wire.c"

#include "harness.h"
#include "wire-cases.h"

static struct sprsync_operation operation_of(const struct wire_case *wire)
{
	struct sprsync_operation made = {
		.id = wire->id,
		.direction = wire->direction,
		.error = wire->error,
	};

	for (size_t i = 0; i < wire->size; i++)
		made.value[i] = wire->number[wire_number_at(wire, i, true)];
	return made;
}

static void encodes_the_same_bytes(void)
{
	for (size_t i = 0; i < WIRE_CASES; i++) {
		struct sprsync_operation made = operation_of(&wire_cases[i]);
		uint8_t bytes[SPRSYNC_ENCODED_SIZE];

		CHECK_EQUAL(big_endian_encode(&made, 1, bytes, sizeof(bytes)),
			    sizeof(bytes));
		CHECK(memcmp(bytes, wire_cases[i].wire, sizeof(bytes)) == 0);
	}
}

static void decodes_to_its_own_order(void)
{
	for (size_t i = 0; i < WIRE_CASES; i++) {
		struct sprsync_operation wanted = operation_of(&wire_cases[i]);
		struct sprsync_operation got;

		CHECK_EQUAL(big_endian_decode(wire_cases[i].wire,
					      SPRSYNC_ENCODED_SIZE, &got, 1),
			    1);
		CHECK(memcmp(&got, &wanted, sizeof(got)) == 0);
	}
}

static const struct test tests[] = {
	{ "a big endian machine sends the same bytes", encodes_the_same_bytes },
	{ "a big endian machine gets its own byte order",
	  decodes_to_its_own_order },
};

int main(void)
{
	return RUN_TESTS(tests);
}
