// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "sprsync.h"

static const struct sprsync_options all = {
	.capabilities = SPRSYNC_CAP_ONE_REG | SPRSYNC_CAP_HIOR,
};
static const struct sprsync_options without_hior = {
	.capabilities = SPRSYNC_CAP_ONE_REG,
};
static const struct sprsync_options without_one_reg = {
	.capabilities = SPRSYNC_CAP_HIOR,
};
static const struct sprsync_options without_any;

static struct sprsync_register storage[8];
static struct sprsync_index indices[8];
static struct sprsync_registry registry;
static struct sprsync_copy copies[8];
static struct sprsync_operation operations[8];

static void register_names(const char *const *names, size_t count)
{
	memset(copies, 0, sizeof(copies));
	sprsync_registry_init(&registry, storage, indices, 8);
	for (size_t i = 0; i < count; i++) {
		CHECK_EQUAL(sprsync_register(&registry,
					     sprsync_find_name(names[i])),
			    0);
		copies[i].is_valid = 1;
	}
}

#define REGISTER(...)                                                          \
	register_names((const char *const[]){ __VA_ARGS__ },                   \
		       sizeof((const char *const[]){ __VA_ARGS__ }) /          \
			       sizeof(char *))

static void check_planned(int count, const char *const *names, size_t wanted)
{
	CHECK_EQUAL(count, wanted);
	for (size_t i = 0; i < wanted; i++) {
		CHECK_TEXT(sprsync_find_id(operations[i].id)->name, names[i]);
		CHECK_EQUAL(operations[i].error, SPRSYNC_PENDING);
	}
}

#define CHECK_PLANNED(count, ...)                                              \
	check_planned(count, (const char *const[]){ __VA_ARGS__ },             \
		      sizeof((const char *const[]){ __VA_ARGS__ }) /           \
			      sizeof(char *))

static int plan_put(enum sprsync_level level)
{
	return sprsync_plan_put(&registry, &all, level, copies, operations, 8);
}

static void gets_all(void)
{
	REGISTER("HIOR", "DAR", "TB_OFFSET", "VR0");
	CHECK_PLANNED(sprsync_plan_get(&registry, &all, operations, 8), "HIOR",
		      "DAR", "TB_OFFSET", "VR0");
	CHECK_EQUAL(operations[0].direction, SPRSYNC_GET);
}

static void puts_by_level(void)
{
	REGISTER("HIOR", "DAR", "TB_OFFSET");
	CHECK_PLANNED(plan_put(SPRSYNC_RUNTIME), "DAR");
	CHECK_PLANNED(plan_put(SPRSYNC_RESET), "HIOR", "DAR");
	CHECK_PLANNED(plan_put(SPRSYNC_FULL), "HIOR", "DAR", "TB_OFFSET");
	CHECK_EQUAL(operations[0].direction, SPRSYNC_PUT);
}

static void refuses_unknown_levels(void)
{
	REGISTER("DAR");
	CHECK_EQUAL(plan_put((enum sprsync_level)0), -EINVAL);
	CHECK_EQUAL(plan_put((enum sprsync_level)4), -EINVAL);
}

static void puts_what_is_known(void)
{
	REGISTER("DAR", "DSISR");
	copies[0].is_valid = 0;
	CHECK_PLANNED(plan_put(SPRSYNC_FULL), "DSISR");
}

static void puts_the_width_of_the_register(void)
{
	static const uint8_t zero[12];

	REGISTER("DSISR");
	memset(copies[0].value, 0x5a, sizeof(copies[0].value));
	CHECK_EQUAL(plan_put(SPRSYNC_RUNTIME), 1);
	CHECK(memcmp(operations[0].value, "ZZZZ", 4) == 0);
	CHECK(memcmp(operations[0].value + 4, zero, sizeof(zero)) == 0);
}

static void needs_one_reg(void)
{
	REGISTER("HIOR", "DAR");
	CHECK_EQUAL(sprsync_plan_get(&registry, &without_any, operations, 8),
		    0);
	CHECK_EQUAL(
		sprsync_plan_get(&registry, &without_one_reg, operations, 8),
		0);
	CHECK_EQUAL(sprsync_plan_put(&registry, &without_one_reg, SPRSYNC_FULL,
				     copies, operations, 8),
		    0);
}

static void needs_hior(void)
{
	REGISTER("HIOR", "DAR");
	CHECK_PLANNED(sprsync_plan_get(&registry, &without_hior, operations, 8),
		      "DAR");
	CHECK_PLANNED(sprsync_plan_put(&registry, &without_hior, SPRSYNC_FULL,
				       copies, operations, 8),
		      "DAR");
}

static void needs_room(void)
{
	REGISTER("HIOR", "DAR");
	CHECK_EQUAL(sprsync_plan_get(&registry, &all, operations, 1), -ENOSPC);
	CHECK_EQUAL(sprsync_plan_put(&registry, &all, SPRSYNC_FULL, copies,
				     operations, 1),
		    -ENOSPC);
	/* What is planned has to fit, not what is registered. */
	CHECK_EQUAL(sprsync_plan_put(&registry, &all, SPRSYNC_RUNTIME, copies,
				     operations, 1),
		    1);
}

static void orders_the_vpa(void)
{
	REGISTER("VPA_ADDR", "VPA_SLB", "VPA_DTL", "DAR");
	CHECK_PLANNED(plan_put(SPRSYNC_RESET), "DAR", "VPA_SLB", "VPA_DTL",
		      "VPA_ADDR");
	copies[0].value[2] = 1;
	CHECK_PLANNED(plan_put(SPRSYNC_RESET), "VPA_ADDR", "DAR", "VPA_SLB",
		      "VPA_DTL");
}

static void plans_nothing_of_nothing(void)
{
	sprsync_registry_init(&registry, storage, indices, 8);
	CHECK_EQUAL(plan_put(SPRSYNC_FULL), 0);
	CHECK_EQUAL(sprsync_plan_get(&registry, &all, operations, 0), 0);
}

static const struct test tests[] = {
	{ "a get asks for every register, in order", gets_all },
	{ "a put covers its level and those below it", puts_by_level },
	{ "a level that does not exist is EINVAL", refuses_unknown_levels },
	{ "a put leaves out what is not known", puts_what_is_known },
	{ "a put takes as many bytes as the register has",
	  puts_the_width_of_the_register },
	{ "without KVM_CAP_ONE_REG nothing is planned", needs_one_reg },
	{ "without KVM_CAP_PPC_HIOR everything but HIOR is planned",
	  needs_hior },
	{ "a plan that does not fit is ENOSPC", needs_room },
	{ "a VPA is put before what hangs on it, and taken away after",
	  orders_the_vpa },
	{ "an empty registry plans nothing", plans_nothing_of_nothing },
};

int main(void)
{
	return RUN_TESTS(tests);
}
