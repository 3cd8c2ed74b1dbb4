// SPDX-License-Identifier: MIT
#include <string.h>

#include "harness.h"
#include "sprsync.h"

static void has_every_row(void)
{
	CHECK_EQUAL(sprsync_table_count(), 310);
	CHECK(sprsync_table_row(309) != NULL);
	CHECK(sprsync_table_row(310) == NULL);
	CHECK(sprsync_table_row(SIZE_MAX) == NULL);
}

static void finds_by_name_and_id(void)
{
	for (size_t i = 0; i < sprsync_table_count(); i++) {
		const struct sprsync_register *row = sprsync_table_row(i);

		CHECK(sprsync_find_name(row->name) == row);
		CHECK(sprsync_find_id(row->id) == row);
	}
	CHECK(sprsync_find_name("lpcr") == NULL);
	CHECK(sprsync_find_name("") == NULL);
	CHECK(sprsync_find_id(0) == NULL);
}

static void expands_ranges(void)
{
	uint64_t first = sprsync_find_name("TM_VSR0")->id;

	CHECK_EQUAL(sprsync_find_name("TM_VSR9")->id, first + 9);
	CHECK_EQUAL(sprsync_find_name("TM_VSR10")->id, first + 10);
	CHECK_EQUAL(sprsync_find_name("TM_VSR39")->id, first + 39);
	CHECK_EQUAL(sprsync_find_name("TM_VSR63")->id, first + 63);
	CHECK(sprsync_find_name("TM_VSR64") == NULL);
	CHECK(sprsync_find_name("FPR31") != NULL);
	CHECK(sprsync_find_name("FPR32") == NULL);
}

static void knows_spr_numbers(void)
{
	CHECK_EQUAL(sprsync_find_name("LPCR")->spr, 318);
	CHECK_EQUAL(sprsync_find_name("LPCR_64")->spr, 318);
	CHECK_EQUAL(sprsync_find_name("HIOR")->spr, 311);
	CHECK_EQUAL(sprsync_find_name("FPR0")->spr, SPRSYNC_NO_SPR);
	CHECK_EQUAL(sprsync_find_name("TM_AMR")->spr, SPRSYNC_NO_SPR);
}

static void reads_sizes(void)
{
	CHECK_EQUAL(sprsync_id_size(sprsync_find_name("PMC1")->id), 4);
	CHECK_EQUAL(sprsync_id_size(sprsync_find_name("DAR")->id), 8);
	CHECK_EQUAL(sprsync_id_size(sprsync_find_name("VR0")->id), 16);
	CHECK_EQUAL(sprsync_id_size(0), 1);
	CHECK_EQUAL(sprsync_id_size(UINT64_MAX), 32768);
}

static void names_overlaps_both_ways(void)
{
	const struct sprsync_register *rows[2] = { NULL, NULL };
	uint64_t fpr = sprsync_find_name("FPR17")->id;
	uint64_t vsr = sprsync_find_name("VSR17")->id;

	CHECK_EQUAL(sprsync_overlaps(fpr, rows, 2), 1);
	CHECK_EQUAL(rows[0]->id, vsr);
	CHECK_EQUAL(sprsync_overlaps(vsr, rows, 2), 1);
	CHECK_EQUAL(rows[0]->id, fpr);
	CHECK_EQUAL(sprsync_overlaps(sprsync_find_name("DAR")->id, rows, 2), 0);
}

static void counts_overlaps_beyond_capacity(void)
{
	const struct sprsync_register *rows[2] = { NULL, NULL };
	uint64_t tsr = sprsync_find_name("TSR")->id;

	CHECK_EQUAL(sprsync_overlaps(tsr, NULL, 0), 2);
	CHECK_EQUAL(sprsync_overlaps(tsr, rows, 1), 2);
	CHECK(rows[0] != NULL && rows[1] == NULL);
}

static void tells_its_version(void)
{
	CHECK_EQUAL(sprsync_version(), SPRSYNC_VERSION);
	CHECK_EQUAL(sprsync_version() >> 16, SPRSYNC_VERSION_MAJOR);
}

static const struct test tests[] = {
	{ "the table has 310 rows and nothing after them", has_every_row },
	{ "a row is found by its name and by its id", finds_by_name_and_id },
	{ "numbered registers have consecutive ids", expands_ranges },
	{ "a row knows its SPR number, or that it has none",
	  knows_spr_numbers },
	{ "an id tells the width of its value", reads_sizes },
	{ "overlapping registers name each other", names_overlaps_both_ways },
	{ "overlaps are counted beyond the capacity",
	  counts_overlaps_beyond_capacity },
	{ "the library tells the version of its header", tells_its_version },
};

int main(void)
{
	return RUN_TESTS(tests);
}
