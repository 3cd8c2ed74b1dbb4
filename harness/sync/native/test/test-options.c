// SPDX-License-Identifier: MIT
/* What a VMM says of its plans: conditions, directions, memory, storage. */
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "vm.h"

static struct vm vm;

static void make_all_valid(void)
{
	for (size_t i = 0; i < vm.registry.count; i++)
		vm.copies[i].is_valid = 1;
}

static int plan_get(void)
{
	return sprsync_plan_get(&vm.registry, &vm.options, vm.operations,
				VM_ROWS);
}

static void plans_a_row_where_it_has_a_direction(void)
{
	VM_INIT(&vm, "DEBUG_INST", "OR_TSR", "DAR");
	make_all_valid();
	VM_CHECK_PLANNED(&vm, plan_get(), "DEBUG_INST", "DAR");
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_FULL), "DAR", "OR_TSR");
	vm.options.flags = SPRSYNC_RAW;
	VM_CHECK_PLANNED(&vm, plan_get(), "DEBUG_INST", "OR_TSR", "DAR");
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_FULL), "DEBUG_INST",
			 "DAR", "OR_TSR");
}

static void does_not_depend_on_the_order_of_registration(void)
{
	VM_INIT(&vm, "VPA_DTL", "DEC_EXPIRY", "VPA_SLB", "DAR", "VPA_ADDR",
		"TB_OFFSET", "ARCH_COMPAT", "TAR");
	make_all_valid();
	vm_set(&vm, "VPA_ADDR", 0x1000);
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_FULL), "ARCH_COMPAT",
			 "DAR", "VPA_ADDR", "TB_OFFSET", "TAR", "VPA_DTL",
			 "DEC_EXPIRY", "VPA_SLB");
	vm_set(&vm, "VPA_ADDR", 0);
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_FULL), "ARCH_COMPAT",
			 "DAR", "TB_OFFSET", "TAR", "VPA_DTL", "DEC_EXPIRY",
			 "VPA_SLB", "VPA_ADDR");
}

static void omits_by_trait(void)
{
	VM_INIT(&vm, "FPR0", "VSR0", "VPA_ADDR", "TFHAR", "TM_LR", "DAWR1",
		"DAR");
	make_all_valid();
	vm.options.omitted = SPRSYNC_FPR | SPRSYNC_CHECKPOINT | SPRSYNC_VPA;
	VM_CHECK_PLANNED(&vm, plan_get(), "VSR0", "TFHAR", "DAWR1", "DAR");
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_FULL), "VSR0", "TFHAR",
			 "DAWR1", "DAR");
	vm.options.omitted = SPRSYNC_VSR | sprsync_traits_without(0);
	VM_CHECK_PLANNED(&vm, plan_get(), "FPR0", "DAR");
	vm.options.omitted = 0x80;
	CHECK_EQUAL(plan_get(), -EINVAL);
}

static int is_no_pmu(void *context, const struct sprsync_register *reg,
		     uint32_t direction)
{
	return strcmp(reg->group, context) != 0 || direction == SPRSYNC_PUT;
}

static void asks_the_filter(void)
{
	char pmu[] = "pmu";

	VM_INIT(&vm, "MMCR0", "DAR");
	make_all_valid();
	vm.options.filter = is_no_pmu;
	vm.options.context = pmu;
	VM_CHECK_PLANNED(&vm, plan_get(), "DAR");
	VM_CHECK_PLANNED(&vm, vm_plan_put(&vm, SPRSYNC_FULL), "MMCR0", "DAR");
}

static void remembers_what_is_not_there(void)
{
	uint8_t refused[VM_ROWS] = { 0 };

	VM_INIT(&vm, "VSR0", "PMC1", "DAR", "TAR", "LPCR");
	vm.options.refused = refused;
	fake_kernel_find(&vm.kernel, sprsync_find_name("VSR0")->id)->error =
		-ENXIO;
	fake_kernel_find(&vm.kernel, sprsync_find_name("PMC1")->id)->error =
		-EINVAL;
	fake_kernel_find(&vm.kernel, sprsync_find_name("TAR")->id)->error =
		-EBUSY;
	CHECK_EQUAL(vm_get(&vm), 3);
	CHECK_EQUAL(vm.kernel.gets, 5);
	/* Again: only what may have been for the moment. */
	CHECK_EQUAL(vm_get(&vm), 1);
	CHECK_EQUAL(vm.kernel.gets, 8);
	CHECK_TEXT(vm.refusals[0].reg->name, "TAR");

	/* An image brings values for them: each is refused once more. */
	make_all_valid();
	fake_kernel_find(&vm.kernel, sprsync_find_name("LPCR")->id)->error =
		-EINVAL;
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_FULL), 4);
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_FULL), 2);
	CHECK_TEXT(vm.refusals[0].reg->name, "TAR");
	/* The value of LPCR was refused, not LPCR. */
	CHECK_TEXT(vm.refusals[1].reg->name, "LPCR");

	memset(refused, 0, sizeof(refused));
	CHECK_EQUAL(vm_put(&vm, SPRSYNC_FULL), 4);
}

/* QEMU's way: one array of numbers by SPR number. */
struct env {
	uint64_t spr[1024];
	int is_failing;
};

static int load(void *context, const struct sprsync_register *reg,
		uint8_t *value)
{
	const struct env *env = context;

	if (env->is_failing)
		return -EIO;
	if (reg->cookie == 0)
		return 0;
	return sprsync_value_write(reg->id, value, env->spr[reg->cookie]) == 0
		       ? 1
		       : -ERANGE;
}

static int store(void *context, const struct sprsync_register *reg,
		 const uint8_t *value)
{
	struct env *env = context;

	if (env->is_failing)
		return -EIO;
	return sprsync_value_read(reg->id, value, &env->spr[reg->cookie]);
}

static int choose_numbered(void *context, struct sprsync_register *row)
{
	(void)context;
	row->cookie = row->spr;
	return row->spr != SPRSYNC_NO_SPR;
}

static int put_without_copies(void)
{
	return sprsync_put(&vm.kernel.backend, FAKE_FD, &vm.registry,
			   &vm.options, SPRSYNC_FULL, NULL, vm.operations,
			   vm.refusals, VM_ROWS);
}

static void uses_the_vmm_s_storage(void)
{
	static struct env env;
	int known;

	memset(&env, 0, sizeof(env));
	VM_INIT(&vm, "DAR");
	sprsync_registry_init(&vm.registry, vm.storage, vm.index, VM_ROWS);
	known = sprsync_register_table(&vm.registry, SPRSYNC_HV,
				       choose_numbered, NULL);
	CHECK(known > 0);
	vm.options.load = load;
	vm.options.store = store;
	vm.options.context = &env;
	CHECK_EQUAL(sprsync_value_write(
			    sprsync_find_name("DAR")->id,
			    fake_kernel_find(&vm.kernel,
					     sprsync_find_name("DAR")->id)
				    ->value,
			    0x1234),
		    0);
	CHECK_EQUAL(sprsync_get(&vm.kernel.backend, FAKE_FD, &vm.registry,
				&vm.options, NULL, vm.operations, vm.refusals,
				VM_ROWS),
		    known - 1);
	CHECK_EQUAL(env.spr[19], 0x1234);
	env.spr[19] = 0x5678;
	CHECK_EQUAL(put_without_copies(), known - 1);
	CHECK_EQUAL(vm_kernel_value(&vm, "DAR"), 0x5678);
	/* A put alone needs no store. */
	vm.options.store = NULL;
	env.spr[19] = 0x9abc;
	CHECK_EQUAL(put_without_copies(), known - 1);
	CHECK_EQUAL(vm_kernel_value(&vm, "DAR"), 0x9abc);
	vm.options.store = store;
	env.is_failing = 1;
	CHECK_EQUAL(vm_get(&vm), -EIO);
	CHECK_EQUAL(vm_plan_put(&vm, SPRSYNC_FULL), -EIO);
}

/* A vCPU is not half changed by a call that was wrong. */
static void refuses_before_it_calls(void)
{
	const struct sprsync_backend none = { 0 };

	make_all_valid();
	CHECK_EQUAL(sprsync_get(&vm.kernel.backend, FAKE_FD, &vm.registry,
				&vm.options, vm.copies, vm.operations, NULL, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_get(&vm.kernel.backend, FAKE_FD, &vm.registry,
				&vm.options, NULL, vm.operations, NULL, 0),
		    -EINVAL);
	CHECK_EQUAL(sprsync_put(&vm.kernel.backend, FAKE_FD, &vm.registry,
				&vm.options, SPRSYNC_FULL, vm.copies,
				vm.operations, NULL, 1),
		    -EINVAL);
	CHECK_EQUAL(vm.kernel.gets + vm.kernel.puts, 0);
	CHECK_EQUAL(sprsync_get(&none, FAKE_FD, &vm.registry, &vm.options,
				vm.copies, vm.operations, NULL, 0),
		    -EINVAL);
	CHECK_EQUAL(sprsync_put(&none, FAKE_FD, &vm.registry, &vm.options,
				SPRSYNC_FULL, vm.copies, vm.operations, NULL,
				0),
		    -EINVAL);
}

static void refuses_null(void)
{
	struct sprsync_operation got = { .direction = SPRSYNC_GET };
	struct sprsync_options odd;

	VM_INIT(&vm, "DAR");
	got.id = sprsync_find_name("DAR")->id;
	CHECK_EQUAL(sprsync_plan_get(NULL, &vm.options, vm.operations, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_plan_get(&vm.registry, NULL, vm.operations, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_plan_get(&vm.registry, &vm.options, NULL, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_plan_put(&vm.registry, &vm.options, SPRSYNC_FULL,
				     NULL, vm.operations, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_commit(&vm.registry, &vm.options, &got, 1, NULL,
				   NULL, 0),
		    -EINVAL);
	CHECK_EQUAL(sprsync_commit(&vm.registry, &vm.options, NULL, 1,
				   vm.copies, NULL, 0),
		    -EINVAL);
	CHECK_EQUAL(sprsync_commit(&vm.registry, &vm.options, &got, 1,
				   vm.copies, NULL, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_commit(&vm.registry, &vm.options, &got,
				   (size_t)INT32_MAX + 1, vm.copies, NULL, 0),
		    -EINVAL);
	CHECK_EQUAL(sprsync_get(NULL, -1, NULL, &vm.options, vm.copies,
				vm.operations, NULL, 0),
		    -EINVAL);
	CHECK_EQUAL(sprsync_put(NULL, -1, NULL, &vm.options, SPRSYNC_FULL,
				vm.copies, vm.operations, NULL, 0),
		    -EINVAL);
	CHECK_EQUAL(sprsync_refusal_text(NULL, NULL, 0), -EINVAL);
	refuses_before_it_calls();
	odd = vm.options;
	odd.reserved = 1;
	CHECK_EQUAL(sprsync_plan_get(&vm.registry, &odd, vm.operations, 1),
		    -EINVAL);
	odd = vm.options;
	odd.flags = 2;
	CHECK_EQUAL(sprsync_plan_get(&vm.registry, &odd, vm.operations, 1),
		    -EINVAL);
}

static void refuses_unknown_directions(void)
{
	struct sprsync_operation odd = { .direction = 77 };

	VM_INIT(&vm, "DAR");
	odd.id = sprsync_find_name("DAR")->id;
	CHECK_EQUAL(sprsync_commit(&vm.registry, &vm.options, &odd, 1,
				   vm.copies, NULL, 0),
		    -EINVAL);
}

static const struct test tests[] = {
	{ "a row is planned only in a direction that it has",
	  plans_a_row_where_it_has_a_direction },
	{ "what depends on something goes after it, however registered",
	  does_not_depend_on_the_order_of_registration },
	{ "named groups are left out of both plans", omits_by_trait },
	{ "a filter is asked for each register and direction",
	  asks_the_filter },
	{ "what a kernel has not is asked and reported once",
	  remembers_what_is_not_there },
	{ "a VMM's own storage is read and written in place",
	  uses_the_vmm_s_storage },
	{ "a NULL where something is needed is EINVAL", refuses_null },
	{ "a commit of an unknown direction is EINVAL",
	  refuses_unknown_directions },
};

int main(void)
{
	return RUN_TESTS(tests);
}
