// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "fake-kernel.h"
#include "harness.h"
#include "sprsync.h"

static struct fake_kernel kernel;

static struct sprsync_operation
operation(const char *name, enum sprsync_direction direction, uint8_t pattern)
{
	struct sprsync_operation made = {
		.id = sprsync_find_name(name)->id,
		.direction = direction,
		.error = SPRSYNC_PENDING,
	};

	memset(made.value, pattern, sprsync_id_size(made.id));
	return made;
}

static int execute(struct sprsync_operation *operations, size_t count)
{
	return sprsync_execute(&kernel.backend, FAKE_FD, operations, count);
}

static void asks_for_capabilities(void)
{
	uint32_t found;

	fake_kernel_init(&kernel);
	CHECK_EQUAL(
		sprsync_check_capabilities(&kernel.backend, FAKE_FD, &found),
		0);
	CHECK_EQUAL(found, SPRSYNC_CAP_ONE_REG | SPRSYNC_CAP_HIOR);
	kernel.others = 1;
	CHECK_EQUAL(
		sprsync_check_capabilities(&kernel.backend, FAKE_FD, &found),
		0);
	CHECK_EQUAL(found, SPRSYNC_CAP_ONE_REG | SPRSYNC_CAP_HIOR |
				   SPRSYNC_CAP_HTM | SPRSYNC_CAP_DAWR1 |
				   SPRSYNC_CAP_PAPR | SPRSYNC_CAP_COMPAT_CAPS);
	kernel.others = 0;
	kernel.hior = 0;
	CHECK_EQUAL(
		sprsync_check_capabilities(&kernel.backend, FAKE_FD, &found),
		0);
	CHECK_EQUAL(found, SPRSYNC_CAP_ONE_REG);
}

static void passes_on_a_capability_error(void)
{
	uint32_t found = 99;

	fake_kernel_init(&kernel);
	kernel.hior = -ENOTTY;
	CHECK_EQUAL(
		sprsync_check_capabilities(&kernel.backend, FAKE_FD, &found),
		-ENOTTY);
	CHECK_EQUAL(found, 0);
}

static void gets_every_size(void)
{
	static const char *const names[] = { "DSISR", "DAR", "VR5" };

	fake_kernel_init(&kernel);
	for (size_t i = 0; i < 3; i++) {
		uint64_t id = sprsync_find_name(names[i])->id;
		struct sprsync_operation got = { 0 };
		uint8_t wanted[SPRSYNC_VALUE_MAX] = { 0 };

		fake_kernel_add(&kernel, id, 0xa5, 0);
		got = operation(names[i], SPRSYNC_GET, 0);
		memset(got.value, 0xff, sizeof(got.value));
		memset(wanted, 0xa5, sprsync_id_size(id));
		CHECK_EQUAL(execute(&got, 1), 0);
		CHECK_EQUAL(got.error, 0);
		CHECK(memcmp(got.value, wanted, sizeof(wanted)) == 0);
	}
	CHECK_EQUAL(kernel.gets, 3);
}

static void puts_every_size(void)
{
	static const char *const names[] = { "DSISR", "DAR", "VR5" };

	fake_kernel_init(&kernel);
	for (size_t i = 0; i < 3; i++) {
		uint64_t id = sprsync_find_name(names[i])->id;
		struct fake_register *reg;
		struct sprsync_operation put;

		reg = fake_kernel_add(&kernel, id, 0, 0);
		put = operation(names[i], SPRSYNC_PUT, 0x3c);
		CHECK_EQUAL(execute(&put, 1), 0);
		CHECK(memcmp(reg->value, put.value, sizeof(put.value)) == 0);
	}
	CHECK_EQUAL(kernel.puts, 3);
}

static void keeps_each_errno(void)
{
	struct sprsync_operation operations[3];

	fake_kernel_init(&kernel);
	fake_kernel_add(&kernel, sprsync_find_name("DAR")->id, 1, 0);
	fake_kernel_add(&kernel, sprsync_find_name("VSR0")->id, 1, -ENXIO);
	operations[0] = operation("VSR0", SPRSYNC_GET, 0xff);
	operations[1] = operation("PMC1", SPRSYNC_PUT, 0x11);
	operations[2] = operation("DAR", SPRSYNC_GET, 0);
	CHECK_EQUAL(execute(operations, 3), 2);
	CHECK_EQUAL(operations[0].error, -ENXIO);
	CHECK_EQUAL(operations[1].error, -EINVAL);
	CHECK_EQUAL(operations[2].error, 0);
	CHECK_EQUAL(operations[0].value[0], 0);
	CHECK_EQUAL(operations[1].value[0], 0x11);
}

static void does_not_try_other_sizes(void)
{
	fake_kernel_init(&kernel);
	for (uint64_t size = 0; size < 16; size++) {
		struct sprsync_operation get = {
			.id = 0x1000000000000009ULL | size << 52,
			.direction = SPRSYNC_GET,
		};

		if (size >= 2 && size <= 4)
			continue;
		CHECK_EQUAL(execute(&get, 1), 1);
		CHECK_EQUAL(get.error, -EOPNOTSUPP);
		get.direction = SPRSYNC_PUT;
		CHECK_EQUAL(execute(&get, 1), 1);
		CHECK_EQUAL(get.error, -EOPNOTSUPP);
	}
	CHECK_EQUAL(kernel.gets + kernel.puts, 0);
}

static void does_not_try_other_directions(void)
{
	struct sprsync_operation odd = operation("DAR", SPRSYNC_GET, 0);

	fake_kernel_init(&kernel);
	odd.direction = 3;
	CHECK_EQUAL(execute(&odd, 1), 1);
	CHECK_EQUAL(odd.error, -EINVAL);
	CHECK_EQUAL(kernel.gets + kernel.puts, 0);
}

static void uses_the_real_ioctl(void)
{
	struct sprsync_operation get = operation("DAR", SPRSYNC_GET, 0);
	uint32_t found;

	CHECK_EQUAL(sprsync_execute(NULL, -1, &get, 1), 1);
	/* qemu-user looks at the request before the file. */
	CHECK(get.error == -EBADF || get.error == -ENOSYS);
	CHECK_EQUAL(sprsync_check_capabilities(NULL, -1, &found), get.error);
}

static void leaves_errno_alone(void)
{
	struct sprsync_operation get = operation("DAR", SPRSYNC_GET, 0);
	struct sprsync_refusal refusal = {
		.reg = sprsync_find_name("DAR"),
		.direction = SPRSYNC_GET,
		.error = -4000,
	};
	uint32_t found;

	errno = 77;
	CHECK_EQUAL(sprsync_execute(NULL, -1, &get, 1), 1);
	CHECK_EQUAL(errno, 77);
	CHECK(sprsync_check_capabilities(NULL, -1, &found) < 0);
	CHECK_EQUAL(errno, 77);
	CHECK(sprsync_refusal_text(&refusal, NULL, 0) > 0);
	CHECK_EQUAL(errno, 77);
}

static int minus_one(void *context, int fd, uint64_t request, void *argument)
{
	(void)context;
	(void)fd;
	(void)request;
	(void)argument;
	return -1;
}

static void takes_errors_from_the_result(void)
{
	const struct sprsync_backend backend = { .call = minus_one };
	struct sprsync_operation get = operation("DAR", SPRSYNC_GET, 0);

	errno = EINVAL;
	CHECK_EQUAL(sprsync_execute(&backend, 3, &get, 1), 1);
	CHECK_EQUAL(get.error, -EPERM);
}

static void refuses_null(void)
{
	const struct sprsync_backend none = { 0 };
	struct sprsync_operation get = operation("DAR", SPRSYNC_GET, 0);
	uint32_t found;

	CHECK_EQUAL(sprsync_execute(NULL, -1, NULL, 0), 0);
	CHECK_EQUAL(sprsync_execute(NULL, -1, NULL, 1), -EINVAL);
	CHECK_EQUAL(sprsync_execute(&none, -1, &get, 1), -EINVAL);
	CHECK_EQUAL(sprsync_execute(NULL, -1, &get, (size_t)INT32_MAX + 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_check_capabilities(NULL, -1, NULL), -EINVAL);
	CHECK_EQUAL(sprsync_check_capabilities(&none, -1, &found), -EINVAL);
}

static void names_what_a_kvm_cannot_have(void)
{
	CHECK_EQUAL(sprsync_traits_without(SPRSYNC_CAP_HTM | SPRSYNC_CAP_DAWR1 |
					   SPRSYNC_CAP_PAPR),
		    0);
	CHECK_EQUAL(sprsync_traits_without(SPRSYNC_CAP_HTM),
		    SPRSYNC_DAWR1 | SPRSYNC_VPA);
	CHECK_EQUAL(
		sprsync_traits_without(SPRSYNC_CAP_DAWR1 | SPRSYNC_CAP_PAPR),
		SPRSYNC_TM | SPRSYNC_CHECKPOINT);
}

static const struct test tests[] = {
	{ "errno itself is left alone", leaves_errno_alone },
	{ "a backend's result is the error, whatever errno is",
	  takes_errors_from_the_result },
	{ "a NULL where something is needed is EINVAL", refuses_null },
	{ "capabilities say what to leave out", names_what_a_kvm_cannot_have },
	{ "all capabilities are asked for", asks_for_capabilities },
	{ "an error about a capability is passed on",
	  passes_on_a_capability_error },
	{ "a get fills the width of the register and zeroes the rest",
	  gets_every_size },
	{ "a put hands over the width of the register", puts_every_size },
	{ "each operation keeps its own errno, and the rest goes on",
	  keeps_each_errno },
	{ "other sizes than 4, 8 and 16 bytes are EOPNOTSUPP, without a call",
	  does_not_try_other_sizes },
	{ "an unknown direction is EINVAL, without a call",
	  does_not_try_other_directions },
	{ "without a backend the kernel of this machine is asked",
	  uses_the_real_ioctl },
};

int main(void)
{
	return RUN_TESTS(tests);
}
