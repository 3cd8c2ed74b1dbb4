/* SPDX-License-Identifier: MIT */
/*
 * libsprsync: keep a copy of a KVM guest's special purpose registers (SPRs).
 *
 * A VMM registers SPRs, each with the ONE_REG id that KVM knows it by, and then
 * gets them from or puts them to a vCPU as one step:
 *
 *	plan	(registry, copies) -> list of operations
 *	execute	operations -> KVM_GET_ONE_REG / KVM_SET_ONE_REG, an errno each
 *	commit	operations -> copies, and a list of what the kernel refused
 *
 * Rules.  Functions return a count or 0, or -errno, and leave errno alone;
 * nothing is printed, nothing exits, nothing is allocated: all storage is the
 * caller's.  A register that a kernel refuses is a refusal in the result, not a
 * failure of the call.  A NULL where something is needed, an argument out of
 * its range and a reserved field that is not zero are -EINVAL.
 *
 * Threads.  The library has no state of its own.  A registry is written by
 * sprsync_registry_init() and sprsync_register*() alone; once it is filled any
 * number of threads may use it.  Copies, operations and refusals belong to one
 * thread at a time: that of their vCPU.  The memory of refusals
 * (sprsync_options.refused) is written by sprsync_commit(): one for each
 * thread, or under a lock.
 *
 * ABI.  The soname is libsprsync.so.0.MINOR before 1.0, so that a program never
 * gets a library of another minor version, and libsprsync.so.MAJOR from then
 * on.  Within one soname functions, constants and registers are added, nothing
 * is changed or taken away, and no structure changes its size.
 */
#ifndef SPRSYNC_H
#define SPRSYNC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* For #if; everything else that is constant is an enumerator. */
#define SPRSYNC_VERSION_MAJOR 0
#define SPRSYNC_VERSION_MINOR 1
#define SPRSYNC_VERSION_PATCH 0

enum {
	/* 0x00MMmmpp; the library's own answer is sprsync_version(). */
	SPRSYNC_VERSION = (SPRSYNC_VERSION_MAJOR << 16) |
			  (SPRSYNC_VERSION_MINOR << 8) | SPRSYNC_VERSION_PATCH,
	/* The register has no SPR number: FPR0, VPA_ADDR ... */
	SPRSYNC_NO_SPR = 0xffff,
	/* The widest value in bytes. */
	SPRSYNC_VALUE_MAX = 16,
	/* The error of an operation that was planned and not executed. */
	SPRSYNC_PENDING = 1,
	/* Bytes of an encoded operation, and of the header of an image. */
	SPRSYNC_ENCODED_SIZE = 32,
	SPRSYNC_IMAGE_HEADER_SIZE = 32,
	SPRSYNC_IMAGE_VERSION = 1,
};

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

/* Of an operation one, of a register a mask. */
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

/*
 * What a register is beyond its value: bits of sprsync_register.traits, and of
 * sprsync_options.omitted, where they name what a plan leaves out.
 */
enum sprsync_trait {
	/* two 64-bit words in memory order (VPA_SLB, VPA_DTL, VP_STATE) */
	SPRSYNC_WORDS = 1,
	/* the checkpoint (TM_GPR0 ...): omit it unless MSR[TS] is not zero */
	SPRSYNC_CHECKPOINT = 2,
	/* TFHAR, TFIAR, TEXASR */
	SPRSYNC_TM = 4,
	/* areas of H_REGISTER_VPA: omit them in a VM without KVM_CAP_PPC_PAPR
	 */
	SPRSYNC_VPA = 8,
	/* FPR0 to FPR31: omit them where VSRs are there ... */
	SPRSYNC_FPR = 16,
	/* VSR0 to VSR31: ... or these where there is no VSX */
	SPRSYNC_VSR = 32,
	/* DAWR1, DAWRX1 */
	SPRSYNC_DAWR1 = 64,
};

/* What sprsync_check_capabilities() found: a mask. */
enum sprsync_capability {
	SPRSYNC_CAP_ONE_REG = 1, /* KVM_CAP_ONE_REG */
	SPRSYNC_CAP_HIOR = 2,	 /* KVM_CAP_PPC_HIOR */
	SPRSYNC_CAP_HTM = 4,	 /* KVM_CAP_PPC_HTM */
	SPRSYNC_CAP_DAWR1 = 8,	 /* KVM_CAP_PPC_DAWR1 */
	SPRSYNC_CAP_PAPR = 16,	 /* KVM_CAP_PPC_PAPR: it can be enabled */
	/*
	 * KVM_CAP_PPC_COMPAT_CAPS (7.3): KVM_PPC_GET_COMPAT_CAPS says which
	 * values ARCH_COMPAT takes.
	 */
	SPRSYNC_CAP_COMPAT_CAPS = 32,
};

enum sprsync_flag {
	/*
	 * Every register in both directions, and overlapping copies as they
	 * are: for tools that ask what a kernel does.
	 */
	SPRSYNC_RAW = 1,
};

/* One register: a row of registers.def, or a caller's own. */
struct sprsync_register {
	uint64_t id;	     /* ONE_REG id; its size field gives the width */
	uint64_t cookie;     /* the VMM's, for its load and store */
	const char *name;    /* as in asm/kvm.h, without KVM_REG_PPC_ */
	const char *group;   /* "debug", "pmu", "fp" ... for people */
	uint32_t spr;	     /* SPR number, or SPRSYNC_NO_SPR */
	uint32_t traits;     /* mask of enum sprsync_trait */
	uint8_t level;	     /* enum sprsync_level: the lowest that puts it */
	uint8_t flavours;    /* mask of enum sprsync_flavour */
	uint8_t directions;  /* mask of enum sprsync_direction */
	uint8_t reserved[5]; /* zero */
};

/*
 * One ONE_REG call.  value is the register as an integer in this machine's byte
 * order, in the first bytes (as many as the id's size says); the rest is zero.
 * That is what KVM reads and writes, for 128-bit registers too.  A register
 * with SPRSYNC_WORDS is not one integer but two 64-bit words in memory order:
 * the first word is the low half on a little endian machine and the high half
 * on a big endian one.
 */
struct sprsync_operation {
	uint64_t id;
	uint8_t value[SPRSYNC_VALUE_MAX];
	uint32_t direction; /* enum sprsync_direction */
	int32_t error;	    /* 0, -errno, or SPRSYNC_PENDING */
};

/*
 * The caller's copy of one register, parallel to sprsync_registry.registers;
 * all zero is a copy that is not known.  A VMM changes it with sprsync_set_*(),
 * or writes value and is_valid itself: what differs from synced is a change,
 * and a plan brings overlapping copies into line with it.
 */
struct sprsync_copy {
	uint8_t value[SPRSYNC_VALUE_MAX];  /* as in sprsync_operation */
	uint8_t synced[SPRSYNC_VALUE_MAX]; /* what KVM had: the library's */
	uint32_t is_valid;  /* 0 until got, or 1 written by the VMM */
	uint32_t is_synced; /* the library's */
	uint64_t reserved;
};

/* A register that the kernel refused, and how. */
struct sprsync_refusal {
	const struct sprsync_register *reg;
	uint32_t direction;
	int32_t error; /* -errno */
};

/* The library's: how a registry finds a register. */
struct sprsync_index {
	uint32_t id_first, id_next;
	uint32_t spr_first, spr_next;
	uint32_t name_first, name_next;
};

/* A set of registered SPRs in storage of the caller's. */
struct sprsync_registry {
	struct sprsync_register *registers; /* read only for the caller */
	struct sprsync_index *index;
	size_t count;
	size_t capacity;
};

/*
 * Stands in for ioctl(2): returns what the call returned, or -errno; a plain -1
 * is -EPERM.  request and argument are ioctl's; for KVM_CHECK_EXTENSION
 * argument is the number of the extension.  Tests and language bindings supply
 * their own; NULL for the struct means the real one.
 */
typedef int (*sprsync_ioctl_fn)(void *context, int fd, uint64_t request,
				void *argument);
struct sprsync_backend {
	sprsync_ioctl_fn call;
	void *context;
};

/* Whether a plan has this register; 0 leaves it out. */
typedef int (*sprsync_filter_fn)(void *context,
				 const struct sprsync_register *reg,
				 uint32_t direction);
/*
 * A VMM's own storage.  load writes the register's value (as in
 * sprsync_operation; it is zero before) and returns 1, or returns 0 when the
 * VMM has none, or -errno, which ends the plan.  store takes a value that was
 * got, and returns 0, or -errno, which ends the commit.
 */
typedef int (*sprsync_load_fn)(void *context,
			       const struct sprsync_register *reg,
			       uint8_t *value);
typedef int (*sprsync_store_fn)(void *context,
				const struct sprsync_register *reg,
				const uint8_t *value);

/* How a VMM synchronises.  All zero but for the capabilities is the usual. */
struct sprsync_options {
	uint32_t capabilities; /* mask of enum sprsync_capability */
	uint32_t omitted;      /* mask of enum sprsync_trait: left out */
	uint32_t flags;	       /* mask of enum sprsync_flag */
	uint32_t reserved;     /* zero */
	/*
	 * NULL, or a byte for each register of the registry, zero at first:
	 * what the kernel of this host does not have.  A commit notes the
	 * directions that were refused for good, and a plan leaves these out,
	 * so that each is reported once.  Zero it when the VM gains a facility,
	 * such as an interrupt controller.
	 */
	uint8_t *refused;
	sprsync_filter_fn filter; /* NULL: all */
	sprsync_load_fn load;	  /* NULL: from the copies */
	sprsync_store_fn store;	  /* NULL: into the copies */
	void *context;		  /* of filter, load and store */
};

/* Chooses about a row before it is registered: 0 leaves it out, 1 takes it. */
typedef int (*sprsync_choose_fn)(void *context, struct sprsync_register *row);

/* The library's version, 0x00MMmmpp. */
uint32_t sprsync_version(void);

/* --- the table of known registers --- */

/* How many rows registers.def has (310). */
size_t sprsync_table_count(void);
/* How many of them one of the flavours can have: sprsync_register_table()'s. */
size_t sprsync_flavour_count(uint8_t flavours);
/* Row index of registers.def, or NULL past the end. */
const struct sprsync_register *sprsync_table_row(size_t index);
/* The row of that name (exact, upper case), or NULL. */
const struct sprsync_register *sprsync_find_name(const char *name);
/* The row of that ONE_REG id, or NULL.  In constant time. */
const struct sprsync_register *sprsync_find_id(uint64_t id);
/*
 * The row of that SPR number, or NULL.  In constant time.  Of LPCR and LPCR_64,
 * which share one, it is the wide one; of MMUCFG (Book E) and DABRX, DABRX.
 */
const struct sprsync_register *sprsync_find_spr(uint32_t spr);
/*
 * Registers that are the same storage by architecture (FPR3 is the upper half
 * of VSR3, LPCR the lower half of LPCR_64).  Writes up to capacity rows that
 * overlap id; returns how many there are, 0 for none.
 */
size_t sprsync_overlaps(uint64_t id, const struct sprsync_register **rows,
			size_t capacity);
/*
 * Width of an id's value in bytes: 4, 8 or 16; 0 for an id of any other size,
 * which the library does not handle.  Never more than SPRSYNC_VALUE_MAX.
 */
size_t sprsync_id_size(uint64_t id);

/* --- registration --- */

/* An empty registry; storage and index have capacity entries each. */
int sprsync_registry_init(struct sprsync_registry *registry,
			  struct sprsync_register *storage,
			  struct sprsync_index *index, size_t capacity);
/*
 * Registers one SPR; the name and group strings stay the caller's and have to
 * live as long as the registry.  -EINVAL: an id that is not ppc's or whose size
 * is not 4, 8 or 16 bytes; an SPR above 1023; no name; a level, flavours,
 * directions, traits or reserved bytes out of range; SPRSYNC_WORDS for an id
 * that has none, or missing for one that has.  -EEXIST: the id or the name is
 * registered; -ENOSPC: the storage is full.
 */
int sprsync_register(struct sprsync_registry *registry,
		     const struct sprsync_register *reg);
/*
 * Registers every row of registers.def that one of the flavours can have, in
 * that order.  choose, unless NULL, sees each row first and may change its
 * level, directions, cookie ... or leave it out.  Returns how many, or as
 * sprsync_register() or choose; then nothing was registered.
 */
int sprsync_register_table(struct sprsync_registry *registry, uint8_t flavours,
			   sprsync_choose_fn choose, void *context);
/*
 * The index of a registered register, in constant time, or -ENOENT.  Of several
 * with one SPR number it is the widest, and of these the first.
 */
int64_t sprsync_index_of_id(const struct sprsync_registry *registry,
			    uint64_t id);
int64_t sprsync_index_of_spr(const struct sprsync_registry *registry,
			     uint32_t spr);
int64_t sprsync_index_of_name(const struct sprsync_registry *registry,
			      const char *name);

/* --- values --- */

/*
 * A value of at most 8 bytes as an integer, from or to the form that operations
 * and copies have.  -EOPNOTSUPP: the id is wider, or of no size that is
 * handled; -ERANGE: the number is wider than the register.
 */
int sprsync_value_read(uint64_t id, const uint8_t *value, uint64_t *number);
int sprsync_value_write(uint64_t id, uint8_t *value, uint64_t number);
/* The copy at an index.  -ENODATA: it is not valid. */
int sprsync_read_u64(const struct sprsync_registry *registry,
		     const struct sprsync_copy *copies, size_t index,
		     uint64_t *number);
int sprsync_read_bytes(const struct sprsync_registry *registry,
		       const struct sprsync_copy *copies, size_t index,
		       uint8_t *bytes, size_t size);
/*
 * Changes the copy at an index and makes it valid; valid copies of registers
 * that overlap it follow.  size is the register's width, or -EINVAL.
 */
int sprsync_set_u64(const struct sprsync_registry *registry,
		    struct sprsync_copy *copies, size_t index, uint64_t number);
int sprsync_set_bytes(const struct sprsync_registry *registry,
		      struct sprsync_copy *copies, size_t index,
		      const uint8_t *bytes, size_t size);

/* --- the kernel --- */

/*
 * Asks KVM_CHECK_EXTENSION on a VM fd (or /dev/kvm, which answers for a VM of
 * the default type), once at start.  Fills a mask of enum sprsync_capability.
 */
int sprsync_check_capabilities(const struct sprsync_backend *backend, int fd,
			       uint32_t *capabilities);
/* The traits that a KVM with these capabilities cannot have, to be omitted. */
uint32_t sprsync_traits_without(uint32_t capabilities);

/*
 * The operations that get every registered register that can be got.  Returns
 * their number; 0 without SPRSYNC_CAP_ONE_REG; HIOR only with SPRSYNC_CAP_HIOR.
 * -ENOSPC: capacity is too small.
 */
int sprsync_plan_get(const struct sprsync_registry *registry,
		     const struct sprsync_options *options,
		     struct sprsync_operation *operations, size_t capacity);
/*
 * The operations that put every register that can be put, whose level is <=
 * level and whose copy is valid.  The order is that of registration, except
 * that ARCH_COMPAT goes first, VPA_SLB and VPA_DTL after VPA_ADDR, DEC_EXPIRY
 * after TB_OFFSET, OR_TSR and CLEAR_TSR after TSR, and a VPA_ADDR that is zero
 * last. Copies that overlap one that was changed are brought into line with it
 * first. Returns as sprsync_plan_get(); -ESTALE: two overlapping copies were
 * changed and do not agree (nothing was changed here).
 */
int sprsync_plan_put(const struct sprsync_registry *registry,
		     const struct sprsync_options *options,
		     enum sprsync_level level, struct sprsync_copy *copies,
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
 * valid), and into valid copies that overlap them and were not got themselves;
 * failures go into refusals, up to capacity.  Returns the number of
 * failures, which may exceed capacity.  -ENOENT: an operation's id is not
 * registered; -EINPROGRESS: an operation was not executed; -EINVAL: a direction
 * is unknown.  On these nothing was changed.  A refused get leaves the copy as
 * it was.  The copy of a register that can only be put is a command: it is not
 * valid any more once it was put.
 */
int sprsync_commit(const struct sprsync_registry *registry,
		   const struct sprsync_options *options,
		   const struct sprsync_operation *operations, size_t count,
		   struct sprsync_copy *copies,
		   struct sprsync_refusal *refusals, size_t capacity);

/*
 * plan + execute + commit.  operations is scratch space of at least
 * registry->count entries.  Return as sprsync_commit() or the plan; on -EINVAL
 * no call was made.
 */
int sprsync_get(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry,
		const struct sprsync_options *options,
		struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity);
int sprsync_put(const struct sprsync_backend *backend, int vcpu_fd,
		const struct sprsync_registry *registry,
		const struct sprsync_options *options, enum sprsync_level level,
		struct sprsync_copy *copies,
		struct sprsync_operation *operations,
		struct sprsync_refusal *refusals, size_t capacity);

/*
 * One line for a refusal: what, SPR number and name, errno text, e.g.
 * "cannot put SPR 318 (LPCR): Invalid argument".  Returns as snprintf().
 */
int sprsync_refusal_text(const struct sprsync_refusal *refusal, char *text,
			 size_t size);

/* --- operations that travel --- */

/*
 * Encodes operations, SPRSYNC_ENCODED_SIZE bytes each, the same on every
 * machine, little endian: id (8), value (16, the integer; of SPRSYNC_WORDS the
 * first word, then the second), direction (4), error (4).  Returns the bytes
 * written.  -ENOSPC: they do not fit in size; -EINVAL: a direction is unknown,
 * or a value is wider than its id says.
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

/*
 * An image: a header, little endian, and the operations as sprsync_encode()
 * writes them.  The header: magic "SPRSYNC\0" (8), version (4), the number of
 * operations (4), the size of one (4), zero (12).  What a full put plans is
 * what a guest needs.
 */
int64_t sprsync_image_encode(const struct sprsync_operation *operations,
			     size_t count, uint8_t *bytes, size_t size);
/*
 * The number of operations in an image, from its header.  -EPROTO: no image, or
 * of another version; -EMSGSIZE: there are more bytes, or fewer, than it says.
 */
int64_t sprsync_image_count(const uint8_t *bytes, size_t size);
/* As sprsync_image_count() and sprsync_decode(). */
int64_t sprsync_image_decode(const uint8_t *bytes, size_t size,
			     struct sprsync_operation *operations,
			     size_t capacity);
/*
 * Checks operations that came from elsewhere, before any is executed. direction
 * is what they may ask for: a mask.  -ENOENT: an id is not registered; -EACCES:
 * a direction is not asked for, or the register does not have it; -EEXIST: an
 * id and direction were there before; -EINVAL: an unknown direction, a value
 * wider than the register or an error above zero other than SPRSYNC_PENDING;
 * -ESTALE: the values of two overlapping registers do not agree (a get that was
 * refused, or not executed, has none).  where, unless NULL, is then
 * the operation.
 */
int sprsync_check(const struct sprsync_registry *registry,
		  const struct sprsync_operation *operations, size_t count,
		  uint32_t direction, size_t *where);
/*
 * Takes checked operations of an image into the copies: each becomes valid with
 * the operation's value, if it has one, and the others invalid.  The next full
 * put restores the guest.
 */
int sprsync_accept(const struct sprsync_registry *registry,
		   const struct sprsync_operation *operations, size_t count,
		   struct sprsync_copy *copies);

#ifdef __cplusplus
}
#endif

#endif /* SPRSYNC_H */
