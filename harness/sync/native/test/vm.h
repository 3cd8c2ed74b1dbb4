/* SPDX-License-Identifier: MIT */
#ifndef TEST_VM_H
#define TEST_VM_H

#include "fake-kernel.h"
#include "sprsync.h"

#define VM_ROWS 400

/* A fake kernel, and a VMM that registered some of the table's rows. */
struct vm {
	struct fake_kernel kernel;
	struct sprsync_registry registry;
	struct sprsync_options options;
	struct sprsync_register storage[VM_ROWS];
	struct sprsync_index index[VM_ROWS];
	struct sprsync_copy copies[VM_ROWS];
	struct sprsync_operation operations[2 * VM_ROWS];
	struct sprsync_refusal refusals[VM_ROWS];
};

/* Registers the named rows, up to a NULL; the kernel knows them, all zero. */
void vm_init(struct vm *vm, const char *const *names);
size_t vm_index(const struct vm *vm, const char *name);
int vm_get(struct vm *vm);
int vm_put(struct vm *vm, enum sprsync_level level);
int vm_plan_put(struct vm *vm, enum sprsync_level level);
/* What the fake kernel has of a register: at most 64 bits of it. */
uint64_t vm_kernel_value(struct vm *vm, const char *name);
void vm_set(struct vm *vm, const char *name, uint64_t number);
uint64_t vm_copy(struct vm *vm, const char *name);
/* The first planned operations are of these registers, up to a NULL. */
void vm_check_planned(const struct vm *vm, int count, const char *const *names);

#define VM_INIT(vm, ...) vm_init(vm, (const char *const[]){ __VA_ARGS__, NULL })
#define VM_CHECK_PLANNED(vm, count, ...)                                       \
	vm_check_planned(vm, count, (const char *const[]){ __VA_ARGS__, NULL })

#endif /* TEST_VM_H */
