// SPDX-License-Identifier: MIT
#include <stdbool.h>
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
	CHECK(sprsync_find_id(UINT64_MAX) == NULL);
	CHECK(sprsync_find_name(NULL) == NULL);
	/* An index that no row has, and one bit too many. */
	CHECK(sprsync_find_id(0x10300000000000ffULL) == NULL);
	CHECK(sprsync_find_id(0x1030000000000109ULL) == NULL);
	CHECK(sprsync_find_id(0x1030000100000009ULL) == NULL);
	CHECK(sprsync_find_id(0x1031000000000009ULL) == NULL);
	CHECK(sprsync_find_id(0x3030000000000009ULL) == NULL);
}

static void finds_by_spr(void)
{
	for (size_t i = 0; i < sprsync_table_count(); i++) {
		const struct sprsync_register *row = sprsync_table_row(i);
		const struct sprsync_register *found;

		found = sprsync_find_spr(row->spr);
		if (row->spr == SPRSYNC_NO_SPR)
			CHECK(found == NULL);
		else
			CHECK_EQUAL(found->spr, row->spr);
	}
	CHECK_TEXT(sprsync_find_spr(318)->name, "LPCR_64");
	CHECK_TEXT(sprsync_find_spr(1015)->name, "DABRX");
	CHECK(sprsync_find_spr(1) == NULL);
	CHECK(sprsync_find_spr(1024) == NULL);
	CHECK(sprsync_find_spr(UINT32_MAX) == NULL);
}

static void says_directions_and_traits(void)
{
	size_t one_way = 0;

	for (size_t i = 0; i < sprsync_table_count(); i++) {
		if (sprsync_table_row(i)->directions !=
		    (SPRSYNC_GET | SPRSYNC_PUT))
			one_way++;
	}
	CHECK_EQUAL(one_way, 3);
	CHECK_EQUAL(sprsync_find_name("DEBUG_INST")->directions, SPRSYNC_GET);
	CHECK_EQUAL(sprsync_find_name("OR_TSR")->directions, SPRSYNC_PUT);
	CHECK_EQUAL(sprsync_find_name("CLEAR_TSR")->directions, SPRSYNC_PUT);
	CHECK_EQUAL(sprsync_find_name("VPA_SLB")->traits,
		    SPRSYNC_VPA | SPRSYNC_WORDS);
	CHECK_EQUAL(sprsync_find_name("VP_STATE")->traits, SPRSYNC_WORDS);
	CHECK_EQUAL(sprsync_find_name("TM_XER")->traits, SPRSYNC_CHECKPOINT);
	CHECK_EQUAL(sprsync_find_name("TFHAR")->traits, SPRSYNC_TM);
	CHECK_EQUAL(sprsync_find_name("FPR31")->traits, SPRSYNC_FPR);
	CHECK_EQUAL(sprsync_find_name("DAR")->traits, 0);
}

static void counts_flavours(void)
{
	CHECK_EQUAL(
		sprsync_flavour_count(SPRSYNC_HV | SPRSYNC_PR | SPRSYNC_BOOKE),
		310);
	CHECK_EQUAL(sprsync_flavour_count(0), 0);
	CHECK_EQUAL(sprsync_flavour_count(SPRSYNC_HV), 280);
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
	/* A loop over the bytes of a value stays inside it, whatever the id. */
	for (uint64_t exponent = 0; exponent < 16; exponent++) {
		uint64_t id = 0x1000000000000001ULL | exponent << 52;
		bool is_handled = exponent >= 2 && exponent <= 4;

		CHECK_EQUAL(sprsync_id_size(id),
			    is_handled ? 1U << exponent : 0);
	}
	CHECK_EQUAL(sprsync_id_size(UINT64_MAX), 0);
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
	{ "a row is found by its SPR number, the wide one of two",
	  finds_by_spr },
	{ "a row says its directions and traits", says_directions_and_traits },
	{ "the rows of a flavour are counted", counts_flavours },
	{ "numbered registers have consecutive ids", expands_ranges },
	{ "a row knows its SPR number, or that it has none",
	  knows_spr_numbers },
	{ "an id tells the width of a value, or that it is not handled",
	  reads_sizes },
	{ "overlapping registers name each other", names_overlaps_both_ways },
	{ "overlaps are counted beyond the capacity",
	  counts_overlaps_beyond_capacity },
	{ "the library tells the version of its header", tells_its_version },
};

int main(void)
{
	return RUN_TESTS(tests);
}
