// SPDX-License-Identifier: MIT
/*
 * A small VMM on KVM-HV: it creates a VM, synchronises, runs a guest that
 * counts in an SPR, synchronises back, saves an image, and restores it on the
 * vCPU of another VM, where the guest counts on.
 *
 *	cc vmm.c $(pkg-config --cflags --libs sprsync)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kvm.h>

#include <sprsync.h>

#define MAX_REGISTERS 400
#define MEMORY_SIZE   0x1000000UL
#define ENTRY	      0x10000UL
#define GUEST_DAR     0x1234500UL

/* What every vCPU of this VMM shares. */
static struct sprsync_register storage[MAX_REGISTERS];
static struct sprsync_index indices[MAX_REGISTERS];
static struct sprsync_registry registry;
static uint8_t refused[MAX_REGISTERS];
static struct sprsync_options options = { .refused = refused };

struct machine {
	int vm, vcpu;
	struct kvm_run *run;
	uint32_t *memory;
	struct sprsync_copy copies[MAX_REGISTERS];
};

static struct sprsync_operation operations[MAX_REGISTERS];
static struct sprsync_refusal refusals[MAX_REGISTERS];
static uint8_t
	image[SPRSYNC_IMAGE_HEADER_SIZE + MAX_REGISTERS * SPRSYNC_ENCODED_SIZE];

/* Ends the VMM when a step failed: a system call, or one of libsprsync. */
static int64_t must(int64_t result, const char *what)
{
	if (result >= 0)
		return result;
	printf("vmm: %s: %s\n", what,
	       strerror(result == -1 ? errno : (int)-result));
	exit(1);
}

/*
 * mfspr r3, DAR; addi r3, r3, 1; mtspr DAR, r3; li r3, a number that is no
 * hypercall's; sc 1, which KVM hands to the VMM.
 */
static const uint32_t program[] = {
	0x7c7302a6, 0x38630001, 0x7c7303a6, 0x38604240, 0x44000022,
};

static void make_machine(int kvm, struct machine *machine)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_userspace_memory_region region = {
		.memory_size = MEMORY_SIZE,
	};
	int64_t size;

	memset(machine, 0, sizeof(*machine));
	machine->vm = (int)must(ioctl(kvm, KVM_CREATE_VM, 0UL), "create VM");
	machine->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(machine->memory == MAP_FAILED ? -1 : 0, "guest memory");
	memcpy((char *)machine->memory + ENTRY, program, sizeof(program));
	region.userspace_addr = (uintptr_t)machine->memory;
	must(ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &region), "memory");
	machine->vcpu = (int)must(ioctl(machine->vm, KVM_CREATE_VCPU, 0UL),
				  "create vCPU");
	must(ioctl(machine->vcpu, KVM_ENABLE_CAP, &papr), "enable PAPR");
	size = must(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0UL), "size of run");
	machine->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
			    MAP_SHARED, machine->vcpu, 0);
	must(machine->run == MAP_FAILED ? -1 : 0, "map run");
}

static void prepare_library(int vm)
{
	must(sprsync_registry_init(&registry, storage, indices, MAX_REGISTERS),
	     "registry");
	must(sprsync_register_table(&registry, SPRSYNC_HV, NULL, NULL),
	     "register");
	must(sprsync_check_capabilities(NULL, vm, &options.capabilities),
	     "capabilities");
	/* No transaction is under way in this guest; FPRs are halves of VSRs.
	 */
	options.omitted = sprsync_traits_without(options.capabilities) |
			  SPRSYNC_CHECKPOINT | SPRSYNC_FPR;
}

/* A refusal is no failure: the rest was synchronised.  Each is new here. */
static void show_refusals(const char *when, int count)
{
	printf("vmm: %s: %d refused\n", when, count);
	for (int i = 0; i < count; i++) {
		char text[128];

		sprsync_refusal_text(&refusals[i], text, sizeof(text));
		printf("vmm:   %s\n", text);
	}
}

static void get(struct machine *machine, const char *when)
{
	show_refusals(when, (int)must(sprsync_get(NULL, machine->vcpu,
						  &registry, &options,
						  machine->copies, operations,
						  refusals, MAX_REGISTERS),
				      when));
}

static void put(struct machine *machine, enum sprsync_level level,
		const char *when)
{
	show_refusals(when, (int)must(sprsync_put(NULL, machine->vcpu,
						  &registry, &options, level,
						  machine->copies, operations,
						  refusals, MAX_REGISTERS),
				      when));
}

/* From its entry to its hypercall, in the byte order of this machine. */
static void run(struct machine *machine)
{
	struct kvm_regs regs;
	int result;

	must(ioctl(machine->vcpu, KVM_GET_REGS, &regs), "get regs");
	regs.pc = ENTRY;
	regs.msr = 1ULL << 63 |
		   (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 1 : 0);
	must(ioctl(machine->vcpu, KVM_SET_REGS, &regs), "set regs");
	do {
		result = ioctl(machine->vcpu, KVM_RUN, 0UL);
	} while (result < 0 && errno == EINTR);
	must(result, "run");
	if (machine->run->exit_reason != KVM_EXIT_PAPR_HCALL) {
		printf("vmm: the guest left for reason %u\n",
		       machine->run->exit_reason);
		exit(1);
	}
}

static uint64_t dar_of(const struct machine *machine)
{
	int64_t index = must(sprsync_index_of_name(&registry, "DAR"), "DAR");
	uint64_t value;

	must(sprsync_read_u64(&registry, machine->copies, (size_t)index,
			      &value),
	     "DAR");
	return value;
}

/* What a migration sends; returns its size. */
static size_t save(struct machine *machine)
{
	int64_t count = must(sprsync_plan_put(&registry, &options, SPRSYNC_FULL,
					      machine->copies, operations,
					      MAX_REGISTERS),
			     "plan");

	return (size_t)must(sprsync_image_encode(operations, (size_t)count,
						 image, sizeof(image)),
			    "image");
}

/* What a migration receives: nothing of it is used before it is checked. */
static void restore(struct machine *machine, size_t size)
{
	size_t where = 0;
	int64_t count = must(
		sprsync_image_decode(image, size, operations, MAX_REGISTERS),
		"image");

	if (sprsync_check(&registry, operations, (size_t)count, SPRSYNC_PUT,
			  &where) < 0) {
		printf("vmm: operation %zu of the image is refused\n", where);
		exit(1);
	}
	must(sprsync_accept(&registry, operations, (size_t)count,
			    machine->copies),
	     "accept");
	put(machine, SPRSYNC_FULL, "put after migration");
	printf("vmm: %d registers restored\n", (int)count);
}

int main(void)
{
	static struct machine source, target;
	int kvm = (int)must(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	uint64_t first, second;
	size_t size;

	make_machine(kvm, &source);
	prepare_library(source.vm);
	get(&source, "first get");
	must(sprsync_set_u64(
		     &registry, source.copies,
		     (size_t)must(sprsync_index_of_name(&registry, "DAR"),
				  "DAR"),
		     GUEST_DAR),
	     "set DAR");
	put(&source, SPRSYNC_RUNTIME, "runtime put");
	run(&source);
	get(&source, "second get");
	first = dar_of(&source);
	size = save(&source);

	make_machine(kvm, &target);
	restore(&target, size);
	run(&target);
	get(&target, "get after migration");
	second = dar_of(&target);
	printf("vmm: DAR 0x%" PRIx64 ", after the guest 0x%" PRIx64
	       ", after the migrated guest 0x%" PRIx64 "\n",
	       (uint64_t)GUEST_DAR, first, second);
	if (first != GUEST_DAR + 1 || second != GUEST_DAR + 2)
		return 1;
	printf("vmm: done\n");
	return 0;
}
