// SPDX-License-Identifier: MIT
/* Prints what a program that was compiled against sprsync.h relies on. */
#include <stdio.h>

#include "sprsync.h"

#define TYPE(name) printf("struct %s %zu\n", #name, sizeof(struct name))
#define FIELD(name, field)                                                     \
	printf("field %s.%s %zu %zu\n", #name, #field,                         \
	       offsetof(struct name, field),                                   \
	       sizeof(((struct name *)NULL)->field))
#define CONSTANT(name) printf("constant %s %lld\n", #name, (long long)(name))
#define REGISTER(name, size, index, spr, group, level, flavours, traits)       \
	print_row(#name);

static void print_row(const char *name)
{
	const struct sprsync_register *row = sprsync_find_name(name);

	printf("register %s 0x%016llx\n", name, (unsigned long long)row->id);
}

int main(void)
{
	TYPE(sprsync_register);
	FIELD(sprsync_register, id);
	FIELD(sprsync_register, cookie);
	FIELD(sprsync_register, name);
	FIELD(sprsync_register, group);
	FIELD(sprsync_register, spr);
	FIELD(sprsync_register, traits);
	FIELD(sprsync_register, level);
	FIELD(sprsync_register, flavours);
	FIELD(sprsync_register, directions);
	FIELD(sprsync_register, reserved);
	TYPE(sprsync_operation);
	FIELD(sprsync_operation, id);
	FIELD(sprsync_operation, value);
	FIELD(sprsync_operation, direction);
	FIELD(sprsync_operation, error);
	TYPE(sprsync_copy);
	FIELD(sprsync_copy, value);
	FIELD(sprsync_copy, synced);
	FIELD(sprsync_copy, is_valid);
	FIELD(sprsync_copy, is_synced);
	FIELD(sprsync_copy, reserved);
	TYPE(sprsync_refusal);
	FIELD(sprsync_refusal, reg);
	FIELD(sprsync_refusal, direction);
	FIELD(sprsync_refusal, error);
	TYPE(sprsync_index);
	TYPE(sprsync_registry);
	FIELD(sprsync_registry, registers);
	FIELD(sprsync_registry, index);
	FIELD(sprsync_registry, count);
	FIELD(sprsync_registry, capacity);
	TYPE(sprsync_backend);
	FIELD(sprsync_backend, call);
	FIELD(sprsync_backend, context);
	TYPE(sprsync_options);
	FIELD(sprsync_options, capabilities);
	FIELD(sprsync_options, omitted);
	FIELD(sprsync_options, flags);
	FIELD(sprsync_options, reserved);
	FIELD(sprsync_options, refused);
	FIELD(sprsync_options, filter);
	FIELD(sprsync_options, load);
	FIELD(sprsync_options, store);
	FIELD(sprsync_options, context);
	CONSTANT(SPRSYNC_NO_SPR);
	CONSTANT(SPRSYNC_VALUE_MAX);
	CONSTANT(SPRSYNC_PENDING);
	CONSTANT(SPRSYNC_ENCODED_SIZE);
	CONSTANT(SPRSYNC_IMAGE_HEADER_SIZE);
	CONSTANT(SPRSYNC_IMAGE_VERSION);
	CONSTANT(SPRSYNC_RUNTIME);
	CONSTANT(SPRSYNC_RESET);
	CONSTANT(SPRSYNC_FULL);
	CONSTANT(SPRSYNC_GET);
	CONSTANT(SPRSYNC_PUT);
	CONSTANT(SPRSYNC_HV);
	CONSTANT(SPRSYNC_PR);
	CONSTANT(SPRSYNC_BOOKE);
	CONSTANT(SPRSYNC_WORDS);
	CONSTANT(SPRSYNC_CHECKPOINT);
	CONSTANT(SPRSYNC_TM);
	CONSTANT(SPRSYNC_VPA);
	CONSTANT(SPRSYNC_FPR);
	CONSTANT(SPRSYNC_VSR);
	CONSTANT(SPRSYNC_DAWR1);
	CONSTANT(SPRSYNC_CAP_ONE_REG);
	CONSTANT(SPRSYNC_CAP_HIOR);
	CONSTANT(SPRSYNC_CAP_HTM);
	CONSTANT(SPRSYNC_CAP_DAWR1);
	CONSTANT(SPRSYNC_CAP_PAPR);
	CONSTANT(SPRSYNC_CAP_COMPAT_CAPS);
	CONSTANT(SPRSYNC_RAW);
#define SPRSYNC_ROW REGISTER
#include "registers.def"
	return 0;
}
