// SPDX-License-Identifier: MIT
/*
 * Compiled for ppc, never run: every id that asm/kvm.h has is in registers.def,
 * under the same name and with the same value.  ids.h is made from asm/kvm.h.
 */
#include <asm/kvm.h>
#include <linux/kvm.h>

/* Enumerators of 64 bits are an extension that gcc has. */
enum {
#define SPRSYNC_ROW(name, size, index, spr, group, level, flavours, traits)    \
	ID_##name = KVM_REG_PPC | KVM_REG_SIZE_##size | (index),
#include "registers.def"
};

#define SAME_ID(name)                                                          \
	_Static_assert((ID_##name) == KVM_REG_PPC_##name, "id of " #name);
#include "ids.h"
