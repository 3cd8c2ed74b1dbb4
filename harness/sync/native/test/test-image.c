// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "vm.h"

static struct vm vm, other;
static uint8_t
	image[SPRSYNC_IMAGE_HEADER_SIZE + VM_ROWS * SPRSYNC_ENCODED_SIZE];

/* An image of a guest with three registers; returns its size. */
static size_t make_image(void)
{
	int64_t size;
	int count;

	VM_INIT(&vm, "DAR", "LPCR", "VPA_SLB");
	CHECK_EQUAL(vm_get(&vm), 0);
	vm_set(&vm, "DAR", 0x1122334455667788ULL);
	vm_set(&vm, "LPCR", 0x99aabbcc);
	for (size_t i = 0; i < 16; i++)
		vm.copies[2].value[i] = (uint8_t)i;
	count = vm_plan_put(&vm, SPRSYNC_FULL);
	CHECK_EQUAL(count, 3);
	size = sprsync_image_encode(vm.operations, 3, image, sizeof(image));
	CHECK_EQUAL(size, SPRSYNC_IMAGE_HEADER_SIZE + 3 * SPRSYNC_ENCODED_SIZE);
	return (size_t)size;
}

static void begins_with_its_header(void)
{
	static const uint8_t header[SPRSYNC_IMAGE_HEADER_SIZE] = {
		'S', 'P', 'R', 'S', 'Y', 'N', 'C', 0, /* magic */
		1,   0,	  0,   0,		      /* version */
		3,   0,	  0,   0,		      /* operations */
		32,  0,	  0,   0,		      /* bytes of one */
	};

	make_image();
	CHECK(memcmp(image, header, sizeof(header)) == 0);
}

static void restores_a_guest(void)
{
	size_t size = make_image();
	int64_t count;

	VM_INIT(&other, "VPA_SLB", "TAR", "LPCR", "DAR");
	other.copies[1].is_valid = 1; /* TAR: not in the image */
	count = sprsync_image_decode(image, size, other.operations, VM_ROWS);
	CHECK_EQUAL(count, 3);
	CHECK_EQUAL(sprsync_check(&other.registry, other.operations, 3,
				  SPRSYNC_PUT, NULL),
		    0);
	CHECK_EQUAL(sprsync_accept(&other.registry, other.operations, 3,
				   other.copies),
		    0);
	CHECK_EQUAL(other.copies[1].is_valid, 0);
	CHECK_EQUAL(vm_put(&other, SPRSYNC_FULL), 0);
	CHECK_EQUAL(vm_kernel_value(&other, "DAR"), 0x1122334455667788ULL);
	CHECK_EQUAL(vm_kernel_value(&other, "LPCR"), 0x99aabbcc);
	CHECK(memcmp(fake_kernel_find(&other.kernel,
				      sprsync_find_name("VPA_SLB")->id)
			     ->value,
		     vm.copies[2].value, 16) == 0);
}

static void refuses_what_is_no_image(void)
{
	size_t size = make_image();

	for (size_t i = 0; i < size; i++)
		CHECK(sprsync_image_count(image, i) < 0);
	CHECK_EQUAL(sprsync_image_count(image, 0), -EPROTO);
	CHECK_EQUAL(sprsync_image_count(image, size - 1), -EMSGSIZE);
	CHECK_EQUAL(sprsync_image_count(image, size - 32), -EMSGSIZE);
	CHECK_EQUAL(sprsync_image_count(image, size + 32), -EMSGSIZE);
	CHECK_EQUAL(sprsync_image_count(NULL, size), -EINVAL);
	for (size_t i = 0; i < SPRSYNC_IMAGE_HEADER_SIZE; i++) {
		image[i] ^= 0x40;
		CHECK(sprsync_image_decode(image, size, vm.operations,
					   VM_ROWS) < 0);
		image[i] ^= 0x40;
	}
	CHECK_EQUAL(sprsync_image_decode(image, size, vm.operations, 2),
		    -ENOSPC);
	CHECK_EQUAL(sprsync_image_encode(vm.operations, 3, image, size - 1),
		    -ENOSPC);
	CHECK_EQUAL(sprsync_image_encode(vm.operations, 0, image, 31), -ENOSPC);
	CHECK_EQUAL(sprsync_image_encode(vm.operations, 0, image, 32), 32);
	CHECK_EQUAL(sprsync_image_count(image, 32), 0);
}

static int check_with(size_t at, const struct sprsync_operation *changed,
		      size_t *where)
{
	struct sprsync_operation saved = vm.operations[at];
	int error;

	vm.operations[at] = *changed;
	error = sprsync_check(&vm.registry, vm.operations, 3, SPRSYNC_PUT,
			      where);
	vm.operations[at] = saved;
	return error;
}

static void checks_each_operation(void)
{
	struct sprsync_operation changed;
	size_t where = 99;

	make_image();
	changed = vm.operations[1];
	CHECK_EQUAL(check_with(1, &changed, &where), 0);
	CHECK_EQUAL(where, 99);
	changed.id = sprsync_find_name("TAR")->id;
	CHECK_EQUAL(check_with(1, &changed, &where), -ENOENT);
	CHECK_EQUAL(where, 1);
	changed = vm.operations[2];
	changed.direction = SPRSYNC_GET;
	CHECK_EQUAL(check_with(2, &changed, &where), -EACCES);
	CHECK_EQUAL(where, 2);
	changed.direction = 77;
	CHECK_EQUAL(check_with(2, &changed, &where), -EINVAL);
	changed = vm.operations[1];
	changed.value[4] = 1;
	CHECK_EQUAL(check_with(1, &changed, &where), -EINVAL);
	changed = vm.operations[1];
	changed.error = 2;
	CHECK_EQUAL(check_with(1, &changed, &where), -EINVAL);
	changed = vm.operations[0];
	CHECK_EQUAL(check_with(2, &changed, &where), -EEXIST);
	CHECK_EQUAL(where, 2);
}

static void checks_directions_of_a_register(void)
{
	struct sprsync_operation put = { .direction = SPRSYNC_PUT };

	VM_INIT(&vm, "DEBUG_INST");
	put.id = sprsync_find_name("DEBUG_INST")->id;
	CHECK_EQUAL(sprsync_check(&vm.registry, &put, 1, SPRSYNC_PUT, NULL),
		    -EACCES);
	put.direction = SPRSYNC_GET;
	CHECK_EQUAL(sprsync_check(&vm.registry, &put, 1,
				  SPRSYNC_GET | SPRSYNC_PUT, NULL),
		    0);
	CHECK_EQUAL(sprsync_check(&vm.registry, &put, 1, 0, NULL), -EINVAL);
	CHECK_EQUAL(sprsync_check(&vm.registry, &put, 1, 4, NULL), -EINVAL);
	CHECK_EQUAL(sprsync_check(&vm.registry, NULL, 1, SPRSYNC_PUT, NULL),
		    -EINVAL);
	CHECK_EQUAL(sprsync_check(NULL, &put, 1, SPRSYNC_PUT, NULL), -EINVAL);
}

static void checks_overlaps(void)
{
	size_t where = 99;

	VM_INIT(&vm, "LPCR_64", "LPCR");
	CHECK_EQUAL(vm_get(&vm), 0);
	CHECK_EQUAL(vm_plan_put(&vm, SPRSYNC_FULL), 2);
	CHECK_EQUAL(sprsync_check(&vm.registry, vm.operations, 2, SPRSYNC_PUT,
				  &where),
		    0);
	vm.operations[1].value[1] = 4;
	CHECK_EQUAL(sprsync_check(&vm.registry, vm.operations, 2, SPRSYNC_PUT,
				  &where),
		    -ESTALE);
	CHECK_EQUAL(where, 1);

	/* A get that is still to be made has no value; one that was has. */
	vm.operations[0].direction = SPRSYNC_GET;
	CHECK_EQUAL(sprsync_check(&vm.registry, vm.operations, 2,
				  SPRSYNC_GET | SPRSYNC_PUT, &where),
		    0);
	vm.operations[0].error = 0;
	CHECK_EQUAL(sprsync_check(&vm.registry, vm.operations, 2,
				  SPRSYNC_GET | SPRSYNC_PUT, &where),
		    -ESTALE);
	/* It hides no disagreement of two puts. */
	vm.operations[2] = vm.operations[1];
	vm.operations[1] = vm.operations[0];
	vm.operations[1].direction = SPRSYNC_PUT;
	vm.operations[0].error = SPRSYNC_PENDING;
	CHECK_EQUAL(sprsync_check(&vm.registry, vm.operations, 3,
				  SPRSYNC_GET | SPRSYNC_PUT, &where),
		    -ESTALE);
	CHECK_EQUAL(where, 2);
}

/* More operations than there can be: the double is seen without a search. */
static void checks_long_streams(void)
{
	static struct sprsync_operation many[200000];
	size_t where;

	VM_INIT(&vm, "DAR");
	for (size_t i = 0; i < 200000; i++)
		many[i] = (struct sprsync_operation){
			.id = sprsync_find_name("DAR")->id,
			.direction = SPRSYNC_PUT,
		};
	CHECK_EQUAL(
		sprsync_check(&vm.registry, many, 200000, SPRSYNC_PUT, &where),
		-EEXIST);
	CHECK_EQUAL(where, 1);
}

static void accepts_wholly_or_not(void)
{
	struct sprsync_operation some[2] = {
		{ .direction = SPRSYNC_PUT },
		{ .id = 12345, .direction = SPRSYNC_PUT },
	};

	VM_INIT(&vm, "DAR");
	some[0].id = sprsync_find_name("DAR")->id;
	vm.copies[0].is_valid = 1;
	CHECK_EQUAL(sprsync_accept(&vm.registry, some, 2, vm.copies), -ENOENT);
	CHECK_EQUAL(vm.copies[0].is_valid, 1);
	some[0].error = -EINVAL;
	CHECK_EQUAL(sprsync_accept(&vm.registry, some, 1, vm.copies), 0);
	CHECK_EQUAL(vm.copies[0].is_valid, 0);
	/* Planned and never executed: no value that a put could restore. */
	some[0].direction = SPRSYNC_GET;
	some[0].error = SPRSYNC_PENDING;
	CHECK_EQUAL(sprsync_accept(&vm.registry, some, 1, vm.copies), 0);
	CHECK_EQUAL(vm.copies[0].is_valid, 0);
	CHECK_EQUAL(sprsync_accept(&vm.registry, NULL, 1, vm.copies), -EINVAL);
	CHECK_EQUAL(sprsync_accept(&vm.registry, some, 1, NULL), -EINVAL);
}

static const struct test tests[] = {
	{ "an image begins with its header", begins_with_its_header },
	{ "an image restores a guest with another order of registers",
	  restores_a_guest },
	{ "bytes that are no image are refused", refuses_what_is_no_image },
	{ "an incoming operation is checked against the registry",
	  checks_each_operation },
	{ "an incoming operation asks for a direction that there is",
	  checks_directions_of_a_register },
	{ "incoming registers that overlap have to agree", checks_overlaps },
	{ "a stream longer than it can be is refused at once",
	  checks_long_streams },
	{ "an image is accepted wholly or not at all", accepts_wholly_or_not },
};

int main(void)
{
	return RUN_TESTS(tests);
}
