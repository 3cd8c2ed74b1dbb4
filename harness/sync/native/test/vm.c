// SPDX-License-Identifier: MIT
#include <string.h>

#include "harness.h"
#include "vm.h"

void vm_init(struct vm *vm, const char *const *names)
{
	memset(vm, 0, sizeof(*vm));
	fake_kernel_init(&vm->kernel);
	vm->options.capabilities = SPRSYNC_CAP_ONE_REG | SPRSYNC_CAP_HIOR;
	CHECK_EQUAL(sprsync_registry_init(&vm->registry, vm->storage, vm->index,
					  VM_ROWS),
		    0);
	for (size_t i = 0; names[i] != NULL; i++) {
		const struct sprsync_register *row;

		row = sprsync_find_name(names[i]);
		CHECK_EQUAL(sprsync_register(&vm->registry, row), 0);
		fake_kernel_add(&vm->kernel, row->id, 0, 0);
	}
}

size_t vm_index(const struct vm *vm, const char *name)
{
	int64_t found = sprsync_index_of_name(&vm->registry, name);

	CHECK(found >= 0);
	return (size_t)found;
}

int vm_get(struct vm *vm)
{
	return sprsync_get(&vm->kernel.backend, FAKE_FD, &vm->registry,
			   &vm->options, vm->copies, vm->operations,
			   vm->refusals, VM_ROWS);
}

int vm_put(struct vm *vm, enum sprsync_level level)
{
	return sprsync_put(&vm->kernel.backend, FAKE_FD, &vm->registry,
			   &vm->options, level, vm->copies, vm->operations,
			   vm->refusals, VM_ROWS);
}

int vm_plan_put(struct vm *vm, enum sprsync_level level)
{
	return sprsync_plan_put(&vm->registry, &vm->options, level, vm->copies,
				vm->operations, VM_ROWS);
}

uint64_t vm_kernel_value(struct vm *vm, const char *name)
{
	uint64_t id = sprsync_find_name(name)->id;
	uint64_t number;

	CHECK_EQUAL(sprsync_value_read(id,
				       fake_kernel_find(&vm->kernel, id)->value,
				       &number),
		    0);
	return number;
}

void vm_set(struct vm *vm, const char *name, uint64_t number)
{
	CHECK_EQUAL(sprsync_set_u64(&vm->registry, vm->copies,
				    vm_index(vm, name), number),
		    0);
}

uint64_t vm_copy(struct vm *vm, const char *name)
{
	uint64_t number;

	CHECK_EQUAL(sprsync_read_u64(&vm->registry, vm->copies,
				     vm_index(vm, name), &number),
		    0);
	return number;
}

void vm_check_planned(const struct vm *vm, int count, const char *const *names)
{
	int wanted = 0;

	while (names[wanted] != NULL)
		wanted++;
	CHECK_EQUAL(count, wanted);
	for (int i = 0; i < count; i++)
		CHECK_TEXT(sprsync_find_id(vm->operations[i].id)->name,
			   names[i]);
}
