// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <linux/kvm.h>

#include "fake-kernel.h"
#include "harness.h"

struct fake_register *fake_kernel_find(struct fake_kernel *kernel, uint64_t id)
{
	for (size_t i = 0; i < kernel->count; i++) {
		if (kernel->registers[i].id == id)
			return &kernel->registers[i];
	}
	return NULL;
}

struct fake_register *fake_kernel_add(struct fake_kernel *kernel, uint64_t id,
				      uint8_t pattern, int error)
{
	struct fake_register *reg = &kernel->registers[kernel->count++];

	CHECK(kernel->count <= FAKE_REGISTERS);
	reg->id = id;
	reg->error = error;
	memset(reg->value, 0, sizeof(reg->value));
	memset(reg->value, pattern, sprsync_id_size(id));
	return reg;
}

static int one_reg(struct fake_kernel *kernel, const struct kvm_one_reg *asked,
		   bool is_put)
{
	struct fake_register *reg = fake_kernel_find(kernel, asked->id);
	void *value = (void *)(uintptr_t)asked->addr;
	size_t size = sprsync_id_size(asked->id);

	if (reg == NULL)
		return -EINVAL;
	if (reg->error)
		return reg->error;
	if (is_put)
		memcpy(reg->value, value, size);
	else
		memcpy(value, reg->value, size);
	return 0;
}

static int fake_ioctl(void *context, int fd, uint64_t request, void *argument)
{
	struct fake_kernel *kernel = context;

	CHECK_EQUAL(fd, FAKE_FD);
	switch (request) {
	case KVM_CHECK_EXTENSION:
		if ((uintptr_t)argument == KVM_CAP_ONE_REG)
			return kernel->one_reg;
		if ((uintptr_t)argument == KVM_CAP_PPC_HIOR)
			return kernel->hior;
		return kernel->others;
	case KVM_GET_ONE_REG:
		kernel->gets++;
		return one_reg(kernel, argument, false);
	case KVM_SET_ONE_REG:
		kernel->puts++;
		return one_reg(kernel, argument, true);
	default:
		return -ENOTTY;
	}
}

void fake_kernel_init(struct fake_kernel *kernel)
{
	memset(kernel, 0, sizeof(*kernel));
	kernel->backend.call = fake_ioctl;
	kernel->backend.context = kernel;
	kernel->one_reg = 1;
	kernel->hior = 1;
}
