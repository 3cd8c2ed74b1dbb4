/* SPDX-License-Identifier: MIT */
/*
 * libsprsync: keep a copy of a KVM guest's special purpose registers (SPRs).
 *
 * A VMM registers SPRs, each with the ONE_REG id that KVM knows it by, and then
 * gets them from or puts them to a vCPU as one step:
 *
 *	plan	(registry, copy) -> list of operations
 *	execute	operations -> KVM_GET_ONE_REG / KVM_SET_ONE_REG, an errno each
 *	commit	operations -> copy, and a list of what the kernel refused
 *
 * Rules: functions return a count or 0, or -errno; nothing is printed, nothing
 * exits, nothing is allocated (all storage is the caller's).  A register that a
 * kernel refuses is a refusal in the result, not a failure of the call.
 */
#ifndef SPRSYNC_H
#define SPRSYNC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPRSYNC_VERSION_MAJOR 0
#define SPRSYNC_VERSION_MINOR 1
#define SPRSYNC_VERSION_PATCH 0
/* 0x00MMmmpp; the library's own answer is sprsync_version(). */
#define SPRSYNC_VERSION                                                        \
	((SPRSYNC_VERSION_MAJOR << 16) | (SPRSYNC_VERSION_MINOR << 8) |        \
	 SPRSYNC_VERSION_PATCH)

/* Register has no SPR number: FPR0, HIOR, VPA_ADDR ... */
#define SPRSYNC_NO_SPR UINT32_MAX
/* The widest value in bytes. */
#define SPRSYNC_VALUE_MAX 16

/*
 * When a register is put.  A put at a level covers every register whose own
 * level is not above it: HIOR is SPRSYNC_RESET, so a runtime put leaves it
 * alone.
 */
enum sprsync_level {
	/* after each change that a VMM makes while the guest runs */
	SPRSYNC_RUNTIME = 1,
	/* after the guest was reset */
	SPRSYNC_RESET = 2,
	/* after a migration or the creation of the vCPU */
	SPRSYNC_FULL = 3,
};

enum sprsync_direction {
	SPRSYNC_GET = 1,
	SPRSYNC_PUT = 2,
};

/* Kinds of KVM that can have a register: bits of sprsync_register.flavours. */
enum sprsync_flavour {
	SPRSYNC_HV = 1,
	SPRSYNC_PR = 2,
	SPRSYNC_BOOKE = 4,
};

/* What sprsync_check_capabilities() found: a mask. */
enum sprsync_capability {
	SPRSYNC_CAP_ONE_REG = 1, /* KVM_CAP_ONE_REG */
	SPRSYNC_CAP_HIOR = 2,	 /* KVM_CAP_PPC_HIOR */
};

/* One register: a row of registers.def, or a caller's own. */
struct sprsync_register {
	uint64_t id;	   /* ONE_REG id; its size field gives the width */
	const char *name;  /* as in asm/kvm.h, without KVM_REG_PPC_ */
	const char *group; /* "debug", "pmu", "fp" ... for people */
	uint32_t spr;	   /* SPR number, or SPRSYNC_NO_SPR */
	uint8_t level;	   /* enum sprsync_level: the lowest that puts it */
	uint8_t flavours;  /* mask of enum sprsync_flavour */
	uint8_t reserved[2];
};

/*
 * One ONE_REG call.  value is the register as an integer in this machine's byte
 * order, in the first bytes (as many as the id's size says); the rest is zero.
 * That is what KVM reads and writes, for 128-bit registers too.  VPA_SLB,
 * VPA_DTL and VP_STATE are not one integer but two 64-bit words in memory
 * order: the first word is the low half on a little endian machine and the
 * high half on a big endian one.
 */
struct sprsync_operation {
	uint64_t id;
	uint8_t value[SPRSYNC_VALUE_MAX];
	uint32_t direction; /* enum sprsync_direction */
	int32_t error;	    /* 0, -errno, or SPRSYNC_PENDING */
};

/* The error of an operation that was planned and not executed. */
#define SPRSYNC_PENDING 1

/* The caller's copy of one register: parallel to sprsync_registry.registers. */
struct sprsync_copy {
	uint8_t value[SPRSYNC_VALUE_MAX]; /* as in sprsync_operation */
	uint32_t is_valid; /* 0 until got from KVM or set by the VMM */
	uint32_t reserved;
};

/* A register that the kernel refused, and how. */
struct sprsync_refusal {
	const struct sprsync_register *reg;
	uint32_t direction;
	int32_t error; /* -errno */
};

/* A set of registered SPRs in storage of the caller's. */
struct sprsync_registry {
	struct sprsync_register *registers;
	size_t count;
	size_t capacity;
};

/*
 * Stands in for ioctl(2): returns what the call returned, or -errno.  Tests and
 * language bindings supply their own; NULL for the struct means the real one.
 */
typedef int (*sprsync_ioctl_fn)(void *context, int fd, uint64_t request,
				void *argument);
struct sprsync_backend {
	sprsync_ioctl_fn call;
	void *context;
};

/* The library's version, 0x00MMmmpp. */
uint32_t sprsync_version(void);

/* --- the table of known registers --- */

/* How many rows registers.def has (310). */
size_t sprsync_table_count(void);
/* Row index of registers.def, or NULL past the end. */
const struct sprsync_register *sprsync_table_row(size_t index);
/* The row of that name (exact, upper case), or NULL. */
const struct sprsync_register *sprsync_find_name(const char *name);
/* The row of that ONE_REG id, or NULL. */
const struct sprsync_register *sprsync_find_id(uint64_t id);
/*
 * Registers that are the same storage by architecture (FPR3 is the upper half
 * of VSR3, LPCR the lower half of LPCR_64).  Writes up to capacity rows that
 * overlap id; returns how many there are, 0 for none.
 */
size_t sprsync_overlaps(uint64_t id, const struct sprsync_register **rows,
			size_t capacity);
/* Width in bytes that an id encodes (a power of two, 1 to 2048). */
size_t sprsync_id_size(uint64_t id);

/* --- registration --- */

void sprsync_registry_init(struct sprsync_registry *registry,
			   struct sprsync_register *storage, size_t capacity);
/*
 * Registers one SPR; the name and group strings stay the caller's and have to
 * live as long as the registry.  The storage is the library's to change.
 * -EINVAL: no name, level or flavours out of range; -EEXIST: the id or the name
 * is registered; -ENOSPC: the storage is full.
 */
int sprsync_register(struct sprsync_registry *registry,
		     const struct sprsync_register *reg);
/*
 * Registers every row of registers.def that one of the flavours can have, in
 * that order.  Returns how many, or as sprsync_register(); then nothing was
 * registered.
 */
int sprsync_register_table(struct sprsync_registry *registry, uint8_t flavours);

/* --- the kernel --- */

/*
 * Asks KVM_CHECK_EXTENSION on a /dev/kvm or VM fd, once at start.  Fills a mask
 * of enum sprsync_capability.  0 or -errno.
 */
int sprsync_check_capabilities(const struct sprsync_backend *backend, int fd,
			       uint32_t *capabilities);

/*
 * The operations that get every registered register.  Returns their number;
 * 0 without SPRSYNC_CAP_ONE_REG; HIOR only with SPRSYNC_CAP_HIOR.
 * -ENOSPC: capacity is too small.
 */
int sprsync_plan_get(const struct sprsync_registry *registry,
		     uint32_t capabilities,
		     struct sprsync_operation *operations, size_t capacity);
/*
 * The operations that put every register whose level is <= level and whose copy
 * is valid, in the order of registration; only a VPA_ADDR that is zero goes
 * last, since KVM keeps a VPA while an SLB shadow or a trace log needs it.
 * Returns as sprsync_plan_get(); -EINVAL for an unknown level.
 */
int sprsync_plan_put(const struct sprsync_registry *registry,
		     uint32_t capabilities, enum sprsync_level level,
		     const struct sprsync_copy *copies,
		     struct sprsync_operation *operations, size_t capacity);
/*
 * Makes the calls on a vCPU fd, in order, and stores each one's result in its
 * error.  A size other than 4, 8 or 16 bytes or an unknown direction is
 * -EOPNOTSUPP / -EINVAL in that operation, without a call.  A got value is zero
 * where the call failed.  Returns how many operations failed.
 */
int sprsync_execute(const struct sprsync_backend *backend, int vcpu_fd,
		    struct sprsync_operation *operations, size_t count);
/*
 * Brings executed operations back: got values go into the copies (and become
 * valid), failures into refusals, up to capacity.  Returns the number of
 * failures, which may exceed capacity.  -ENOENT: an operation's id is not
 * registered; -EINPROGRESS: an operation was not executed.  On either, nothing
 * was changed.  A refused get leaves the copy as it was.  The cost is linear as
 * long as operations come in the order of the registry.
 */
int sprsync_commit(const struct sprsync_registry *registry,
		   const struct sprsync_operation *operations, size_t count,
		   struct sprsync_copy *copies,
		   struct sprsync_refusal *refusals, size_t capacity);

/*
 * plan + execute + commit.  operations is scratch space of at least
 * registry->count entries.  Return as sprsync_commit().
 */
int sprsync_get(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry, uint32_t capabilities,
		struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity);
int sprsync_put(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry, uint32_t capabilities,
		enum sprsync_level level, struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity);

/*
 * One line for a refusal: what, SPR number and name, errno text, e.g.
 * "cannot put SPR 318 (LPCR): Invalid argument".  Returns as snprintf().
 */
int sprsync_refusal_text(const struct sprsync_refusal *refusal, char *text,
			 size_t size);

/* --- operations that travel --- */

/* Bytes of an encoded operation. */
#define SPRSYNC_ENCODED_SIZE 32
/*
 * Encodes operations, SPRSYNC_ENCODED_SIZE bytes each, little endian whatever
 * the machine: id (8), value (16, the integer), direction (4), error (4).
 * Returns the bytes written.  -ENOSPC: they do not fit in size; -EINVAL: a
 * direction is unknown, or a value is wider than its id says.
 */
int64_t sprsync_encode(const struct sprsync_operation *operations, size_t count,
		       uint8_t *bytes, size_t size);
/*
 * The reverse.  Returns the number of operations.  -EINVAL: size is no multiple
 * of SPRSYNC_ENCODED_SIZE, or as sprsync_encode(); -ENOSPC: more operations
 * than capacity.  On an error the operations are undefined.
 */
int64_t sprsync_decode(const uint8_t *bytes, size_t size,
		       struct sprsync_operation *operations, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif /* SPRSYNC_H */
