// SPDX-License-Identifier: MIT
#undef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "harness.h"
#include "sprsync.h"

static struct sprsync_register storage[400];
static struct sprsync_index indices[400];

static struct sprsync_register made_up(void)
{
	return (struct sprsync_register){
		.id = 0x1030000000000fffULL,
		.name = "MADE_UP",
		.group = "test",
		.spr = 1,
		.level = SPRSYNC_RUNTIME,
		.flavours = SPRSYNC_HV,
		.directions = SPRSYNC_GET | SPRSYNC_PUT,
	};
}

static void keeps_what_is_registered(void)
{
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;

	sprsync_registry_init(&registry, storage, indices, 2);
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

	sprsync_registry_init(&registry, storage, indices, 2);
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

	sprsync_registry_init(&registry, storage, indices, 3);
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

	sprsync_registry_init(&registry, storage, indices, 1);
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	reg.id++;
	reg.name = "OTHER";
	CHECK_EQUAL(sprsync_register(&registry, &reg), -ENOSPC);
	CHECK_EQUAL(registry.count, 1);
}

/* Each change alone makes a register that is none. */
static void refuses_ids_and_fields_out_of_range(void)
{
	static const uint64_t ids[] = {
		0,		       /* none */
		0x1080000000000fffULL, /* 2048 bits */
		0x1010000000000fffULL, /* 16 bits */
		0x6030000000000fffULL, /* arm64 */
		0x2030000000000fffULL, /* x86 */
	};
	struct sprsync_registry registry;
	struct sprsync_register reg;

	sprsync_registry_init(&registry, storage, indices, 4);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		reg = made_up();
		reg.id = ids[i];
		CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	}
	reg = made_up();
	reg.spr = 1024;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg.spr = UINT32_MAX;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg = made_up();
	reg.directions = 0;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg.directions = 4;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg = made_up();
	reg.traits = 128;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	for (size_t i = 0; i < sizeof(reg.reserved); i++) {
		reg = made_up();
		reg.reserved[i] = 1;
		CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	}
	/* The wire knows words by the id: the trait has to say the same. */
	reg = made_up();
	reg.traits = SPRSYNC_WORDS;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	reg = *sprsync_find_name("VPA_SLB");
	reg.traits = SPRSYNC_VPA;
	CHECK_EQUAL(sprsync_register(&registry, &reg), -EINVAL);
	CHECK_EQUAL(registry.count, 0);
}

static void leaves_reserved_bytes_alone(void)
{
	static const uint8_t zero[sizeof(storage[0].reserved)];
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;

	sprsync_registry_init(&registry, storage, indices, 1);
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	CHECK(memcmp(registry.registers[0].reserved, zero, sizeof(zero)) == 0);
	CHECK(memcmp(&registry.registers[0], &reg, sizeof(reg)) == 0);
}

static void refuses_null(void)
{
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;

	CHECK_EQUAL(sprsync_registry_init(NULL, storage, indices, 1), -EINVAL);
	CHECK_EQUAL(sprsync_registry_init(&registry, NULL, indices, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_registry_init(&registry, storage, NULL, 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_registry_init(&registry, storage, indices,
					  (size_t)INT32_MAX + 1),
		    -EINVAL);
	CHECK_EQUAL(sprsync_registry_init(&registry, NULL, NULL, 0), 0);
	CHECK_EQUAL(sprsync_register(&registry, &reg), -ENOSPC);
	CHECK_EQUAL(sprsync_register(NULL, &reg), -EINVAL);
	CHECK_EQUAL(sprsync_register(&registry, NULL), -EINVAL);
	CHECK_EQUAL(sprsync_register_table(NULL, SPRSYNC_HV, NULL, NULL),
		    -EINVAL);
	CHECK_EQUAL(sprsync_index_of_id(NULL, 1), -EINVAL);
	CHECK_EQUAL(sprsync_index_of_spr(NULL, 1), -EINVAL);
	CHECK_EQUAL(sprsync_index_of_name(NULL, "DAR"), -EINVAL);
	CHECK_EQUAL(sprsync_index_of_name(&registry, NULL), -EINVAL);
}

static void finds_what_is_registered(void)
{
	struct sprsync_registry registry;

	sprsync_registry_init(&registry, storage, indices, 400);
	CHECK_EQUAL(sprsync_index_of_id(&registry, 1), -ENOENT);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV, NULL, NULL),
		    sprsync_flavour_count(SPRSYNC_HV));
	for (size_t i = 0; i < registry.count; i++) {
		const struct sprsync_register *reg = &registry.registers[i];
		int64_t found = sprsync_index_of_spr(&registry, reg->spr);

		CHECK_EQUAL(sprsync_index_of_id(&registry, reg->id), i);
		CHECK_EQUAL(sprsync_index_of_name(&registry, reg->name), i);
		if (reg->spr == SPRSYNC_NO_SPR)
			CHECK_EQUAL(found, -ENOENT);
		else
			CHECK_EQUAL(registry.registers[found].spr, reg->spr);
	}
	CHECK_EQUAL(sprsync_index_of_spr(&registry, 318),
		    sprsync_index_of_name(&registry, "LPCR_64"));
	CHECK_EQUAL(sprsync_index_of_spr(&registry, 316), -ENOENT);
	CHECK_EQUAL(
		sprsync_index_of_id(&registry, sprsync_find_name("MAS0")->id),
		-ENOENT);
	CHECK_EQUAL(sprsync_index_of_name(&registry, "MAS0"), -ENOENT);
}

static int choose_level(void *context, struct sprsync_register *row)
{
	const char *left_out = context;

	row->cookie = row->spr;
	if (strcmp(row->name, left_out) == 0)
		return 0;
	if (strcmp(row->name, "LPCR") == 0)
		row->level = SPRSYNC_FULL;
	return 1;
}

static int choose_nonsense(void *context, struct sprsync_register *row)
{
	(void)context;
	if (strcmp(row->name, "TAR") == 0)
		row->level = 9;
	return strcmp(row->name, "PTCR") == 0 ? -ECANCELED : 1;
}

static void lets_the_vmm_choose(void)
{
	struct sprsync_registry registry;
	char left_out[] = "DABR";
	int64_t lpcr;

	sprsync_registry_init(&registry, storage, indices, 400);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV, choose_level,
					   left_out),
		    sprsync_flavour_count(SPRSYNC_HV) - 1);
	lpcr = sprsync_index_of_name(&registry, "LPCR");
	CHECK_EQUAL(registry.registers[lpcr].level, SPRSYNC_FULL);
	CHECK_EQUAL(registry.registers[lpcr].cookie, 318);
	CHECK_EQUAL(sprsync_index_of_name(&registry, "DABR"), -ENOENT);

	sprsync_registry_init(&registry, storage, indices, 400);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV,
					   choose_nonsense, NULL),
		    -EINVAL);
	CHECK_EQUAL(registry.count, 0);
}

static void registers_by_flavour(void)
{
	struct sprsync_registry registry;
	uint8_t all = SPRSYNC_HV | SPRSYNC_PR | SPRSYNC_BOOKE;

	sprsync_registry_init(&registry, storage, indices, 400);
	CHECK_EQUAL(sprsync_register_table(&registry, all, NULL, NULL), 310);
	CHECK_EQUAL(registry.count, 310);

	sprsync_registry_init(&registry, storage, indices, 400);
	CHECK(sprsync_register_table(&registry, SPRSYNC_BOOKE, NULL, NULL) > 0);
	for (size_t i = 0; i < registry.count; i++)
		CHECK(registry.registers[i].flavours & SPRSYNC_BOOKE);
}

static void registers_table_wholly_or_not(void)
{
	struct sprsync_registry registry;
	struct sprsync_register reg = made_up();

	sprsync_registry_init(&registry, storage, indices, 100);
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV, NULL, NULL),
		    -ENOSPC);
	CHECK_EQUAL(registry.count, 1);
	for (size_t i = 0; i < sprsync_table_count(); i++)
		CHECK_EQUAL(sprsync_index_of_id(&registry,
						sprsync_table_row(i)->id),
			    -ENOENT);
	CHECK_EQUAL(sprsync_index_of_name(&registry, "MADE_UP"), 0);
	CHECK_EQUAL(sprsync_index_of_spr(&registry, 1), 0);
	CHECK_EQUAL(sprsync_register_table(&registry, 0, NULL, NULL), -EINVAL);
	CHECK_EQUAL(sprsync_register_table(&registry, 8, NULL, NULL), -EINVAL);

	sprsync_registry_init(&registry, storage, indices, 400);
	reg.name = "TAR";
	CHECK_EQUAL(sprsync_register(&registry, &reg), 0);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV, NULL, NULL),
		    -EEXIST);
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
	static struct sprsync_index many_indices[3100];
	static char names[3100][16];
	struct sprsync_register reg = made_up();
	struct sprsync_registry registry;
	double start = now_ms();

	sprsync_registry_init(&registry, many, many_indices, 3100);
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
	{ "an id of no ppc register, or a field out of range, is EINVAL",
	  refuses_ids_and_fields_out_of_range },
	{ "reserved bytes stay zero", leaves_reserved_bytes_alone },
	{ "a NULL where something is needed is EINVAL", refuses_null },
	{ "a register is found by its id, its SPR number and its name",
	  finds_what_is_registered },
	{ "the VMM chooses levels, cookies and what is left out",
	  lets_the_vmm_choose },
	{ "the table is registered by flavour", registers_by_flavour },
	{ "the table is registered wholly or not at all",
	  registers_table_wholly_or_not },
	{ "3,100 registrations take milliseconds", registers_thousands },
};

int main(void)
{
	return RUN_TESTS(tests);
}
