// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "fake-kernel.h"
#include "harness.h"
#include "sprsync.h"

/* Those of HV and PR, of which each can be got. */
#define ROWS 280
#define BOTH (SPRSYNC_GET | SPRSYNC_PUT)

static const struct sprsync_options all = {
	.capabilities = SPRSYNC_CAP_ONE_REG | SPRSYNC_CAP_HIOR,
};
static const struct sprsync_options without_any;

static struct fake_kernel kernel;
static struct sprsync_register storage[ROWS];
static struct sprsync_index indices[ROWS];
static struct sprsync_registry registry;
static struct sprsync_copy copies[ROWS];
static struct sprsync_operation operations[ROWS];
static struct sprsync_refusal refusals[ROWS];

static void start(void)
{
	fake_kernel_init(&kernel);
	memset(copies, 0, sizeof(copies));
	sprsync_registry_init(&registry, storage, indices, ROWS);
	CHECK_EQUAL(sprsync_register_table(&registry, SPRSYNC_HV | SPRSYNC_PR,
					   NULL, NULL),
		    ROWS);
}

static size_t index_of(const char *name)
{
	int64_t found = sprsync_index_of_name(&registry, name);

	CHECK(found >= 0);
	return (size_t)found;
}

static int get(size_t capacity)
{
	return sprsync_get(&kernel.backend, FAKE_FD, &registry, &all, copies,
			   operations, refusals, capacity);
}

static int put(enum sprsync_level level)
{
	return sprsync_put(&kernel.backend, FAKE_FD, &registry, &all, level,
			   copies, operations, refusals, ROWS);
}

/* A kernel that knows every third register. */
static void know_some(void)
{
	for (size_t i = 0; i < ROWS; i += 3)
		fake_kernel_add(&kernel, registry.registers[i].id,
				(uint8_t)(i + 1), 0);
}

static void syncs_what_the_kernel_has(void)
{
	size_t known = 0;

	start();
	know_some();
	CHECK_EQUAL(get(ROWS), ROWS - (ROWS + 2) / 3);
	for (size_t i = 0; i < ROWS; i++) {
		CHECK_EQUAL(copies[i].is_valid, i % 3 == 0);
		CHECK_EQUAL(copies[i].value[0],
			    i % 3 == 0 ? (uint8_t)(i + 1) : 0);
		known += copies[i].is_valid;
	}
	CHECK_EQUAL(known, kernel.count);
	CHECK_EQUAL(refusals[0].error, -EINVAL);
	CHECK_EQUAL(refusals[0].direction, SPRSYNC_GET);
	CHECK(refusals[0].reg == &registry.registers[1]);
	CHECK(refusals[1].reg == &registry.registers[2]);
	CHECK(refusals[2].reg == &registry.registers[4]);
}

static void counts_refusals_beyond_capacity(void)
{
	start();
	memset(refusals, 0, sizeof(refusals));
	CHECK_EQUAL(get(1), ROWS);
	CHECK(refusals[0].reg != NULL);
	CHECK(refusals[1].reg == NULL);
}

static void moves_a_guest(void)
{
	start();
	know_some();
	CHECK(get(ROWS) > 0);
	for (size_t i = 0; i < kernel.count; i++)
		memset(kernel.registers[i].value, 0, SPRSYNC_VALUE_MAX);
	CHECK_EQUAL(put(SPRSYNC_FULL), 0);
	for (size_t i = 0; i < ROWS; i += 3) {
		uint64_t id = registry.registers[i].id;

		if (registry.registers[i].directions != BOTH)
			continue;
		CHECK(memcmp(fake_kernel_find(&kernel, id)->value,
			     copies[i].value, SPRSYNC_VALUE_MAX) == 0);
	}
}

static void leaves_hior_alone_at_runtime(void)
{
	struct fake_register *hior;

	start();
	hior = fake_kernel_add(&kernel, sprsync_find_name("HIOR")->id, 0x10, 0);
	CHECK_EQUAL(get(ROWS), ROWS - 1);
	hior->value[0] = 0;
	CHECK_EQUAL(put(SPRSYNC_RUNTIME), 0);
	CHECK_EQUAL(hior->value[0], 0);
	CHECK_EQUAL(put(SPRSYNC_RESET), 0);
	CHECK_EQUAL(hior->value[0], 0x10);
}

static void keeps_a_copy_on_refusal(void)
{
	struct sprsync_copy *dar;

	start();
	dar = &copies[index_of("DAR")];
	dar->is_valid = 1;
	dar->value[0] = 0x77;
	CHECK_EQUAL(get(ROWS), ROWS);
	CHECK_EQUAL(dar->is_valid, 1);
	CHECK_EQUAL(dar->value[0], 0x77);
}

static void commits_wholly_or_not(void)
{
	struct sprsync_operation some[2] = {
		{ .id = sprsync_find_name("DAR")->id,
		  .direction = SPRSYNC_GET },
		{ .id = 12345, .direction = SPRSYNC_GET },
	};
	size_t dar;

	start();
	dar = index_of("DAR");
	CHECK_EQUAL(sprsync_commit(&registry, &all, some, 2, copies, refusals,
				   ROWS),
		    -ENOENT);
	some[1].id = sprsync_find_name("TAR")->id;
	some[1].error = SPRSYNC_PENDING;
	CHECK_EQUAL(sprsync_commit(&registry, &all, some, 2, copies, refusals,
				   ROWS),
		    -EINPROGRESS);
	CHECK_EQUAL(copies[dar].is_valid, 0);
	some[1].error = -EPERM;
	CHECK_EQUAL(sprsync_commit(&registry, &all, some, 2, copies, refusals,
				   ROWS),
		    1);
	CHECK_EQUAL(copies[dar].is_valid, 1);
}

static void takes_copies_from_gets_only(void)
{
	struct sprsync_operation done = {
		.id = sprsync_find_name("DAR")->id,
		.direction = SPRSYNC_PUT,
		.value = { 0x99 },
	};
	size_t dar;

	start();
	dar = index_of("DAR");
	CHECK_EQUAL(sprsync_commit(&registry, &all, &done, 1, copies, refusals,
				   ROWS),
		    0);
	CHECK_EQUAL(copies[dar].is_valid, 0);
	CHECK_EQUAL(copies[dar].value[0], 0);
}

static void commits_in_any_order(void)
{
	int count;

	start();
	know_some();
	count = sprsync_plan_get(&registry, &all, operations, ROWS);
	CHECK_EQUAL(count, ROWS);
	sprsync_execute(&kernel.backend, FAKE_FD, operations, ROWS);
	for (size_t i = 0; i < ROWS / 2; i++) {
		struct sprsync_operation swapped = operations[i];

		operations[i] = operations[ROWS - 1 - i];
		operations[ROWS - 1 - i] = swapped;
	}
	CHECK(sprsync_commit(&registry, &all, operations, ROWS, copies,
			     refusals, ROWS) > 0);
	CHECK_EQUAL(copies[3].value[0], 4);
	CHECK_EQUAL(copies[276].value[0], (uint8_t)277);
}

static void needs_capabilities(void)
{
	start();
	know_some();
	CHECK_EQUAL(sprsync_get(&kernel.backend, FAKE_FD, &registry,
				&without_any, copies, operations, refusals,
				ROWS),
		    0);
	CHECK_EQUAL(sprsync_put(&kernel.backend, FAKE_FD, &registry,
				&without_any, SPRSYNC_FULL, copies, operations,
				refusals, ROWS),
		    0);
	CHECK_EQUAL(kernel.gets + kernel.puts, 0);
}

static void refuses_unknown_levels(void)
{
	start();
	CHECK_EQUAL(put((enum sprsync_level)9), -EINVAL);
}

static void check_text_of(const char *name, uint32_t direction, int error,
			  const char *wanted)
{
	struct sprsync_refusal refusal = {
		.reg = sprsync_find_name(name),
		.direction = direction,
		.error = error,
	};
	char text[128];

	CHECK_EQUAL(sprsync_refusal_text(&refusal, text, sizeof(text)),
		    strlen(wanted));
	CHECK_TEXT(text, wanted);
}

static void tells_what_was_refused(void)
{
	check_text_of("LPCR", SPRSYNC_PUT, -EINVAL,
		      "cannot put SPR 318 (LPCR): Invalid argument");
	check_text_of("VSR3", SPRSYNC_GET, -ENXIO,
		      "cannot get VSR3: No such device or address");
	check_text_of("HIOR", SPRSYNC_GET, -EPERM,
		      "cannot get SPR 311 (HIOR): Operation not permitted");
	check_text_of("DAR", 9, -EINVAL,
		      "cannot access SPR 19 (DAR): Invalid argument");
}

static void tells_unknown_errors_by_number(void)
{
	struct sprsync_refusal refusal = {
		.reg = sprsync_find_name("DAR"),
		.direction = SPRSYNC_GET,
		.error = -4000,
	};
	char text[128];

	CHECK(sprsync_refusal_text(&refusal, text, sizeof(text)) > 0);
	CHECK(strstr(text, "4000") != NULL);
	/* A damaged record, which has no positive counterpart. */
	refusal.error = INT32_MIN;
	CHECK(sprsync_refusal_text(&refusal, text, sizeof(text)) > 0);
}

static void cuts_text_to_the_buffer(void)
{
	struct sprsync_refusal refusal = {
		.reg = sprsync_find_name("LPCR"),
		.direction = SPRSYNC_PUT,
		.error = -EINVAL,
	};
	char text[11];

	CHECK_EQUAL(sprsync_refusal_text(&refusal, text, sizeof(text)), 43);
	CHECK_TEXT(text, "cannot put");
	CHECK_EQUAL(sprsync_refusal_text(&refusal, NULL, 0), 43);
}

static const struct test tests[] = {
	{ "a put that succeeded changes no copy", takes_copies_from_gets_only },
	{ "what the kernel has is synchronised, the rest is refused",
	  syncs_what_the_kernel_has },
	{ "refusals are counted beyond the capacity",
	  counts_refusals_beyond_capacity },
	{ "what was got is what a full put restores", moves_a_guest },
	{ "a runtime put leaves HIOR alone, a reset put does not",
	  leaves_hior_alone_at_runtime },
	{ "a refused get leaves the copy as it was", keeps_a_copy_on_refusal },
	{ "a commit takes all operations or none", commits_wholly_or_not },
	{ "operations can be committed in any order", commits_in_any_order },
	{ "without KVM_CAP_ONE_REG the kernel is not asked",
	  needs_capabilities },
	{ "a level that does not exist is EINVAL", refuses_unknown_levels },
	{ "a refusal tells the direction, the SPR, the name and the reason",
	  tells_what_was_refused },
	{ "an errno without a text is reported as a number",
	  tells_unknown_errors_by_number },
	{ "a text is cut to the buffer, and its length reported",
	  cuts_text_to_the_buffer },
};

int main(void)
{
	return RUN_TESTS(tests);
}
