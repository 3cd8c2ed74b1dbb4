// SPDX-License-Identifier: MIT
/* A client by the manual page alone: registers, changes a copy, plans. */
#include <stdio.h>

#include <sprsync.h>

static struct sprsync_register storage[400];
static struct sprsync_index index_of[400];
static struct sprsync_copy copies[400];
static struct sprsync_operation operations[400];

int main(void)
{
	const struct sprsync_options options = {
		.capabilities = SPRSYNC_CAP_ONE_REG,
		.omitted = SPRSYNC_FPR,
	};
	struct sprsync_registry registry;
	int64_t lpcr;
	int planned;

	if (sprsync_version() != SPRSYNC_VERSION)
		return 1;
	if (sprsync_registry_init(&registry, storage, index_of, 400) != 0)
		return 1;
	if (sprsync_register_table(&registry, SPRSYNC_HV, NULL, NULL) < 0)
		return 1;
	lpcr = sprsync_index_of_spr(&registry, 318);
	if (lpcr < 0 ||
	    sprsync_set_u64(&registry, copies, (size_t)lpcr, 1) != 0)
		return 1;
	planned = sprsync_plan_put(&registry, &options, SPRSYNC_RUNTIME, copies,
				   operations, 400);
	printf("ok: %d planned of %zu registered\n", planned, registry.count);
	return planned == 1 ? 0 : 1;
}
