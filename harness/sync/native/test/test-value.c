// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdalign.h>
#include <string.h>

#include "harness.h"
#include "vm.h"

#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static struct vm vm;

static void reads_and_writes_integers(void)
{
	uint64_t dsisr = sprsync_find_name("DSISR")->id;
	uint64_t dar = sprsync_find_name("DAR")->id;
	uint8_t value[SPRSYNC_VALUE_MAX];
	uint64_t number;

	memset(value, 0xff, sizeof(value));
	CHECK_EQUAL(sprsync_value_write(dar, value, 0x0102030405060708ULL), 0);
	CHECK_EQUAL(value[0], IS_BIG_ENDIAN ? 1 : 8);
	CHECK_EQUAL(value[8] | value[15], 0);
	CHECK_EQUAL(sprsync_value_read(dar, value, &number), 0);
	CHECK_EQUAL(number, 0x0102030405060708ULL);
	CHECK_EQUAL(sprsync_value_write(dsisr, value, 0xfffffffe), 0);
	CHECK_EQUAL(sprsync_value_read(dsisr, value, &number), 0);
	CHECK_EQUAL(number, 0xfffffffe);
}

static void refuses_what_does_not_fit(void)
{
	uint8_t value[SPRSYNC_VALUE_MAX] = { 0 };
	uint64_t number;

	CHECK_EQUAL(sprsync_value_write(sprsync_find_name("DSISR")->id, value,
					0x100000000ULL),
		    -ERANGE);
	CHECK_EQUAL(sprsync_value_write(sprsync_find_name("VR0")->id, value, 1),
		    -EOPNOTSUPP);
	CHECK_EQUAL(sprsync_value_read(sprsync_find_name("VR0")->id, value,
				       &number),
		    -EOPNOTSUPP);
	CHECK_EQUAL(sprsync_value_read(0x1080000000000001ULL, value, &number),
		    -EOPNOTSUPP);
	CHECK_EQUAL(sprsync_value_read(0, NULL, &number), -EINVAL);
	CHECK_EQUAL(sprsync_value_read(0, value, NULL), -EINVAL);
	CHECK_EQUAL(sprsync_value_write(0, NULL, 0), -EINVAL);
}

static void reads_and_sets_copies(void)
{
	uint8_t bytes[SPRSYNC_VALUE_MAX];
	uint64_t number;

	VM_INIT(&vm, "DSISR", "VR0");
	CHECK_EQUAL(sprsync_read_u64(&vm.registry, vm.copies, 0, &number),
		    -ENODATA);
	CHECK_EQUAL(sprsync_read_bytes(&vm.registry, vm.copies, 1, bytes, 16),
		    -ENODATA);
	CHECK_EQUAL(sprsync_set_u64(&vm.registry, vm.copies, 0, 5), 0);
	CHECK_EQUAL(sprsync_read_u64(&vm.registry, vm.copies, 0, &number), 0);
	CHECK_EQUAL(number, 5);
	memset(bytes, 0x3c, sizeof(bytes));
	CHECK_EQUAL(sprsync_set_bytes(&vm.registry, vm.copies, 1, bytes, 16),
		    0);
	memset(bytes, 0, sizeof(bytes));
	CHECK_EQUAL(sprsync_read_bytes(&vm.registry, vm.copies, 1, bytes, 16),
		    0);
	CHECK_EQUAL(bytes[15], 0x3c);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm.kernel.puts, 2);
}

static void refuses_what_is_no_copy(void)
{
	uint8_t bytes[SPRSYNC_VALUE_MAX] = { 0 };
	uint64_t number;

	VM_INIT(&vm, "DSISR", "VR0");
	CHECK_EQUAL(sprsync_read_u64(&vm.registry, vm.copies, 2, &number),
		    -EINVAL);
	CHECK_EQUAL(sprsync_set_u64(&vm.registry, vm.copies, SIZE_MAX, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_set_u64(&vm.registry, NULL, 0, 1), -EINVAL);
	CHECK_EQUAL(sprsync_set_u64(NULL, vm.copies, 0, 1), -EINVAL);
	CHECK_EQUAL(sprsync_set_u64(&vm.registry, vm.copies, 0, 1ULL << 32),
		    -ERANGE);
	CHECK_EQUAL(sprsync_set_u64(&vm.registry, vm.copies, 1, 1),
		    -EOPNOTSUPP);
	CHECK_EQUAL(vm.copies[0].is_valid, 0);
	CHECK_EQUAL(sprsync_set_bytes(&vm.registry, vm.copies, 0, bytes, 8),
		    -EINVAL);
	CHECK_EQUAL(sprsync_set_bytes(&vm.registry, vm.copies, 0, NULL, 4),
		    -EINVAL);
	CHECK_EQUAL(sprsync_read_bytes(&vm.registry, vm.copies, 1, bytes, 8),
		    -EINVAL);
}

static void aligns_copies(void)
{
	CHECK_EQUAL(alignof(struct sprsync_copy), 8);
	CHECK_EQUAL(offsetof(struct sprsync_copy, value) % 8, 0);
	CHECK_EQUAL(sizeof(struct sprsync_copy) % 8, 0);
}

static const struct test tests[] = {
	{ "a value is read and written as an integer",
	  reads_and_writes_integers },
	{ "a number that does not fit its register is refused",
	  refuses_what_does_not_fit },
	{ "a copy is read and set as an integer or as bytes",
	  reads_and_sets_copies },
	{ "a copy that is not there, or another width, is EINVAL",
	  refuses_what_is_no_copy },
	{ "copies are aligned to 8", aligns_copies },
};

int main(void)
{
	return RUN_TESTS(tests);
}
