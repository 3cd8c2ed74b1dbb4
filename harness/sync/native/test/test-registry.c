// SPDX-License-Identifier: MIT
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "harness.h"
#include "sprsync.h"

static struct sprsync_register storage[400];

static struct sprsync_register made_up(void)
{
	return (struct sprsync_register){
		.id = 0x1030000000000fffULL,
		.name = "MADE_UP",
		.group = "test",
		.spr = 1,
		.level = SPRSYNC_RUNTIME,
		.flavours = SPRSYNC_HV,
	};
}

static void keeps_what_is_registered(void)
{
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;

	sprsync_registry_init(&registry, storage, 2);
	CHECK_EQUAL(registry.count, 0);
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	CHECK_EQUAL(registry.count, 1);
	CHECK_EQUAL(registry.registers[0].id, reg.id);
	CHECK_EQUAL(registry.registers[0].spr, 1);
	CHECK_TEXT(registry.registers[0].name, "MADE_UP");
}

static void refuses_what_is_no_register(void)
{
	struct sprsync_registry registry;
	struct sprsync_register reg;

	sprsync_registry_init(&registry, storage, 2);
	reg = made_up();
	reg.name = NULL;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg.name = "";
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg = made_up();
	reg.level = 0;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg.level = SPRSYNC_FULL + 1;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg = made_up();
	reg.flavours = 0;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg.flavours = 8;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	CHECK_EQUAL(registry.count, 0);
}

static void refuses_duplicates(void)
{
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;
	char same_name[] = "MADE_UP";

	sprsync_registry_init(&registry, storage, 3);
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	reg.name = "OTHER";
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EEXIST);
	reg.id++;
	reg.name = same_name;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EEXIST);
	reg.name = "OTHER";
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
}

static void refuses_more_than_fits(void)
{
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;

	sprsync_registry_init(&registry, storage, 1);
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	reg.id++;
	reg.name = "OTHER";
	CHECK_EQUAL(sprsync_register(&registry, &reg), -ENOSPC);
	CHECK_EQUAL(registry.count, 1);
}

static void accepts_any_size(void)
{
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;

	sprsync_registry_init(&registry, storage, 1);
	reg.id = 0x1080000000000fffULL;
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
}

static void registers_by_flavour(void)
{
	struct sprsync_registry registry;
	uint8_t all = SPRSYNC_HV | SPRSYNC_PR | SPRSYNC_BOOKE;

	sprsync_registry_init(&registry, storage, 400);
	CHECK_EQUAL(sprsync_register_table(&registry, all), 310);
	CHECK_EQUAL(registry.count, 310);

	sprsync_registry_init(&registry, storage, 400);
	CHECK(sprsync_register_table(&registry, SPRSYNC_BOOKE) > 0);
	for (size_t i = 0; i < registry.count; i++)
		CHECK(registry.registers[i].flavours & SPRSYNC_BOOKE);
}

static void registers_table_wholly_or_not(void)
{
	struct sprsync_registry registry;
	struct sprsync_register reg = made_up();

	sprsync_registry_init(&registry, storage, 100);
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV), -ENOSPC);
	CHECK_EQUAL(registry.count, 1);
	CHECK_EQUAL(sprsync_register_table(&registry, 0), -EINVAL);
	CHECK_EQUAL(sprsync_register_table(&registry, 8), -EINVAL);

	sprsync_registry_init(&registry, storage, 400);
	reg.name = "TAR";
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV), -EEXIST);
	CHECK_EQUAL(registry.count, 1);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void registers_thousands(void)
{
	static struct sprsync_register many[3100];
	static char names[3100][16];
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;
	double start = now_ms();

	sprsync_registry_init(&registry, many, 3100);
	for (size_t i = 0; i < 3100; i++) {
		snprintf(names[i], sizeof(names[i]), "MADE_UP_%zu", i);
		reg.name = names[i];
		reg.id++;
		CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	}
	/* Measured: 6 ms.  The limit is for sanitizers and busy machines. */
	CHECK(now_ms() - start < 1000);
}

static const struct test tests[] = {
	{ "a registered register is kept as it was given",
	  keeps_what_is_registered },
	{ "a register without a name, level or flavour is EINVAL",
	  refuses_what_is_no_register },
	{ "an id or a name that is registered is EEXIST", refuses_duplicates },
	{ "a register that does not fit the storage is ENOSPC",
	  refuses_more_than_fits },
	{ "an id of a size that is not handled can be registered",
	  accepts_any_size },
	{ "the table is registered by flavour", registers_by_flavour },
	{ "the table is registered wholly or not at all",
	  registers_table_wholly_or_not },
	{ "3,100 registrations take milliseconds", registers_thousands },
};

int main(void)
{
	return RUN_TESTS(tests);
}
