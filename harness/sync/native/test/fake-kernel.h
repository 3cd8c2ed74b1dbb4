/* SPDX-License-Identifier: MIT */
#ifndef TEST_FAKE_KERNEL_H
#define TEST_FAKE_KERNEL_H

#include "sprsync.h"

#define FAKE_FD	       7
#define FAKE_REGISTERS 400

struct fake_register {
	uint64_t id;
	uint8_t value[SPRSYNC_VALUE_MAX];
	int error; /* what get and put return */
};

/* A kernel that knows some registers, and counts what it is asked. */
struct fake_kernel {
	struct sprsync_backend backend;
	struct fake_register registers[FAKE_REGISTERS];
	size_t count;
	int one_reg; /* the answer about KVM_CAP_ONE_REG */
	int hior;    /* the answer about KVM_CAP_PPC_HIOR */
	int others;  /* the answer about any other */
	size_t gets;
	size_t puts;
};

void fake_kernel_init(struct fake_kernel *kernel);
/* Adds a register that holds a byte pattern, or is refused with an error. */
struct fake_register *fake_kernel_add(struct fake_kernel *kernel, uint64_t id,
				      uint8_t pattern, int error);
struct fake_register *fake_kernel_find(struct fake_kernel *kernel, uint64_t id);

#endif /* TEST_FAKE_KERNEL_H */
