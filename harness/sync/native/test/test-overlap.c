// SPDX-License-Identifier: MIT
/* Registers that are one storage: the kernel of these tests has it so, too. */
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "vm.h"

#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static struct vm vm;

/* The backend of the fake kernel, which a sharing one hands calls on to. */
static sprsync_ioctl_fn plain;

/* A put of LPCR changes LPCR_64, a put of FPR3 VSR3, and the reverse. */
static int sharing_ioctl(void *context, int fd, uint64_t request,
			 void *argument)
{
	uint8_t *lpcr =
		fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR")->id)
			->value;
	uint8_t *wide =
		fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR_64")->id)
			->value;
	uint8_t *fpr =
		fake_kernel_find(&vm.kernel, sprsync_find_name("FPR3")->id)
			->value;
	uint8_t *vsr =
		fake_kernel_find(&vm.kernel, sprsync_find_name("VSR3")->id)
			->value;
	uint8_t before[SPRSYNC_VALUE_MAX];
	int result;

	memcpy(before, lpcr, sizeof(before));
	result = plain(context, fd, request, argument);
	if (memcmp(before, lpcr, sizeof(before)) != 0)
		memcpy(wide + (IS_BIG_ENDIAN ? 4 : 0), lpcr, 4);
	else
		memcpy(lpcr, wide + (IS_BIG_ENDIAN ? 4 : 0), 4);
	memcpy(vsr + (IS_BIG_ENDIAN ? 0 : 8), fpr, 8);
	return result;
}

static void start(void)
{
	VM_INIT(&vm, "FPR3", "VSR3", "LPCR", "LPCR_64", "DAR");
	plain = vm.kernel.backend.call;
	vm.kernel.backend.call = sharing_ioctl;
	memset(fake_kernel_find(&vm.kernel, sprsync_find_name("VSR3")->id)
		       ->value,
	       0x11, 16);
	memset(fake_kernel_find(&vm.kernel, sprsync_find_name("FPR3")->id)
		       ->value,
	       0x11, 8);
	sprsync_value_write(
		sprsync_find_name("LPCR_64")->id,
		fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR_64")->id)
			->value,
		0xaaaaaaaabbbbbbbbULL);
	sprsync_value_write(
		sprsync_find_name("LPCR")->id,
		fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR")->id)
			->value,
		0xbbbbbbbb);
	CHECK_EQUAL(vm_get(&vm), 0);
}

/* As a VMM does that knows the structure and no function: the value alone. */
static void write_copy(const char *name, uint64_t number)
{
	CHECK_EQUAL(sprsync_value_write(sprsync_find_name(name)->id,
					vm.copies[vm_index(&vm, name)].value,
					number),
		    0);
}

static void keeps_a_part_that_was_written(void)
{
	start();
	write_copy("LPCR", 0x12345678);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 0xaaaaaaaa12345678ULL);
	CHECK_EQUAL(vm_copy(&vm, "LPCR_64"), 0xaaaaaaaa12345678ULL);

	write_copy("LPCR", 0x9);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 0xaaaaaaaa00000009ULL);
}

static void keeps_a_whole_that_was_written(void)
{
	start();
	write_copy("LPCR_64", 0x1111111122222222ULL);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 0x1111111122222222ULL);
	CHECK_EQUAL(vm_copy(&vm, "LPCR"), 0x22222222);
}

static void keeps_an_fpr_that_was_written(void)
{
	const uint8_t *vsr;

	start();
	write_copy("FPR3", 0x7777777777777777ULL);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "FPR3"), 0x7777777777777777ULL);
	vsr = vm.copies[vm_index(&vm, "VSR3")].value;
	/* The high half is the FPR, the low half is still the VSR's. */
	CHECK_EQUAL(vsr[IS_BIG_ENDIAN ? 0 : 15], 0x77);
	CHECK_EQUAL(vsr[IS_BIG_ENDIAN ? 15 : 0], 0x11);
}

static void sets_both_copies(void)
{
	start();
	vm_set(&vm, "LPCR", 5);
	CHECK_EQUAL(vm_copy(&vm, "LPCR_64"), 0xaaaaaaaa00000005ULL);
	vm_set(&vm, "LPCR_64", 6);
	CHECK_EQUAL(vm_copy(&vm, "LPCR"), 6);
	vm_set(&vm, "LPCR", 7);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 7);
}

static void refuses_two_that_disagree(void)
{
	struct sprsync_copy before;

	start();
	write_copy("LPCR", 1);
	write_copy("LPCR_64", 0x500000002ULL);
	write_copy("FPR3", 9);
	before = vm.copies[vm_index(&vm, "VSR3")];
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), -ESTALE);
	CHECK_EQUAL(vm.kernel.puts, 0);
	CHECK(memcmp(&before, &vm.copies[vm_index(&vm, "VSR3")],
		     sizeof(before)) == 0);
	/* They may agree: a restored image has both. */
	write_copy("LPCR_64", 0x500000001ULL);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 0x500000001ULL);
}

static void leaves_a_kernel_s_answers_alone(void)
{
	start();
	/* No VMM changed these: a kernel said so, in one get after the other.
	 */
	vm.copies[vm_index(&vm, "LPCR")].value[0] ^= 1;
	vm.copies[vm_index(&vm, "LPCR")].synced[0] ^= 1;
	CHECK_EQUAL(vm_plan_put(&vm, SPRSYNC_RUNTIME), 5);
	CHECK(memcmp(vm.operations[2].value,
		     vm.copies[vm_index(&vm, "LPCR")].value, 4) == 0);
}

/* A VMM that syncs one of two and sets the other. */
static int is_not(void *context, const struct sprsync_register *reg,
		  uint32_t direction)
{
	(void)direction;
	return strcmp(reg->name, context) != 0;
}

static void start_without(char *name)
{
	start();
	vm.options.filter = is_not;
	vm.options.context = name;
}

static void guest_writes_lpcr(uint64_t number)
{
	sprsync_value_write(
		sprsync_find_name("LPCR_64")->id,
		fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR_64")->id)
			->value,
		number);
	sprsync_value_write(
		sprsync_find_name("LPCR")->id,
		fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR")->id)
			->value,
		number & 0xffffffff);
}

static void sets_a_part_that_is_not_synced_once(void)
{
	char part[] = "LPCR";

	VM_INIT(&vm, "LPCR", "LPCR_64");
	vm.options.filter = is_not;
	vm.options.context = part;
	CHECK_EQUAL(vm_get(&vm), 0);
	vm_set(&vm, "LPCR", 5);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 5);
	guest_writes_lpcr(0x700000006ULL);
	CHECK_EQUAL(vm_get(&vm), 0);
	CHECK_EQUAL(vm_copy(&vm, "LPCR"), 6);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 0x700000006ULL);
	/* Not even without the get: what was put is no change any more. */
	vm_set(&vm, "LPCR", 8);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	write_copy("LPCR_64", 9);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR_64"), 9);
}

static void sets_a_whole_that_is_not_synced_once(void)
{
	char whole[] = "LPCR_64";

	start_without(whole);
	vm_set(&vm, "LPCR_64", 0x900000005ULL);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR"), 5);
	guest_writes_lpcr(0xaaaaaaaa00000006ULL);
	CHECK_EQUAL(vm_get(&vm), 0);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_kernel_value(&vm, "LPCR"), 6);
}

static void gets_into_what_overlaps(void)
{
	char part[] = "LPCR";

	start_without(part);
	guest_writes_lpcr(0x100000002ULL);
	CHECK_EQUAL(vm_get(&vm), 0);
	CHECK_EQUAL(vm_copy(&vm, "LPCR"), 2);

	/* What was got itself is what the kernel said of it. */
	start();
	sprsync_value_write(
		sprsync_find_name("LPCR_64")->id,
		fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR_64")->id)
			->value,
		0x100000003ULL);
	vm.kernel.backend.call = plain;
	CHECK_EQUAL(vm_get(&vm), 0);
	CHECK_EQUAL(vm_copy(&vm, "LPCR"), 0xbbbbbbbb);
	CHECK_EQUAL(vm_copy(&vm, "LPCR_64"), 0x100000003ULL);

	start_without(part);
	vm.options.flags = SPRSYNC_RAW;
	guest_writes_lpcr(0x100000002ULL);
	CHECK_EQUAL(vm_get(&vm), 0);
	CHECK_EQUAL(vm_copy(&vm, "LPCR"), 0xbbbbbbbb);
}

static void needs_both_to_be_known(void)
{
	start();
	vm.copies[vm_index(&vm, "LPCR_64")].is_valid = 0;
	vm_set(&vm, "LPCR", 4);
	CHECK_EQUAL(vm.copies[vm_index(&vm, "LPCR_64")].is_valid, 0);
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_RUNTIME), "FPR3", "VSR3",
			 "LPCR", "DAR");
}

static void puts_as_it_is_when_raw(void)
{
	start();
	vm.options.flags = SPRSYNC_RAW;
	write_copy("LPCR", 1);
	write_copy("LPCR_64", 2);
	CHECK_EQUAL(vm_plan_put(&vm, SPRSYNC_RUNTIME), 5);
	CHECK_EQUAL(vm.operations[2].value[IS_BIG_ENDIAN ? 3 : 0], 1);
	CHECK_EQUAL(vm.operations[3].value[IS_BIG_ENDIAN ? 7 : 0], 2);
}

/* The kernel's TSR does what Book E's does; its copy here only follows. */
static void puts_a_command_once(void)
{
	VM_INIT(&vm, "OR_TSR", "CLEAR_TSR", "TSR");
	CHECK_EQUAL(vm_get(&vm), 0);
	CHECK_EQUAL(vm.kernel.gets, 1);
	vm_set(&vm, "OR_TSR", 0x6);
	vm_set(&vm, "CLEAR_TSR", 0x2);
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_RESET), "TSR", "OR_TSR",
			 "CLEAR_TSR");
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm_copy(&vm, "TSR"), 0x4);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(vm.kernel.puts, 2);
}

static const struct test tests[] = {
	{ "a part that a VMM wrote is what the kernel has after a put",
	  keeps_a_part_that_was_written },
	{ "a whole that a VMM wrote is what the kernel has after a put",
	  keeps_a_whole_that_was_written },
	{ "an FPR that a VMM wrote becomes the high half of its VSR",
	  keeps_an_fpr_that_was_written },
	{ "setting one copy brings the overlapping one along",
	  sets_both_copies },
	{ "two that were written and disagree are ESTALE, and nothing is put",
	  refuses_two_that_disagree },
	{ "what a kernel answered is put as it answered it",
	  leaves_a_kernel_s_answers_alone },
	{ "a part that a VMM sets and does not sync is put once",
	  sets_a_part_that_is_not_synced_once },
	{ "a whole that a VMM sets and does not sync is put once",
	  sets_a_whole_that_is_not_synced_once },
	{ "a get brings along what overlaps, unless that was got or is raw",
	  gets_into_what_overlaps },
	{ "a copy that is not known is not made up", needs_both_to_be_known },
	{ "raw copies are put as they are", puts_as_it_is_when_raw },
	{ "a register that can only be put is put once, after what it is about",
	  puts_a_command_once },
};

int main(void)
{
	return RUN_TESTS(tests);
}
