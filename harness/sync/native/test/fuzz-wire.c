// SPDX-License-Identifier: MIT
/* Any bytes: refused, or operations that encode to the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "sprsync.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct sprsync_operation operations[128];
	static uint8_t again[128 * SPRSYNC_ENCODED_SIZE];
	int64_t count;

	count = sprsync_decode(bytes, size, operations, 128);
	if (count < 0)
		return 0;
	if (sprsync_encode(operations, (size_t)count, again, sizeof(again)) !=
	    (int64_t)size)
		abort();
	if (memcmp(again, bytes, size) != 0)
		abort();
	return 0;
}
