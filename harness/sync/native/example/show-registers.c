// SPDX-License-Identifier: MIT
/*
 * What a VMM does with libsprsync: register SPRs, ask for the capabilities
 * once, get.  Shows each register of a fresh vCPU, and what the kernel refused.
 *
 *	cc show-registers.c $(pkg-config --cflags --libs sprsync)
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/kvm.h>

#include <sprsync.h>

#define MAX_REGISTERS 400

static struct sprsync_register storage[MAX_REGISTERS];
static struct sprsync_index indices[MAX_REGISTERS];
static struct sprsync_copy copies[MAX_REGISTERS];
static struct sprsync_operation scratch[MAX_REGISTERS];
static struct sprsync_refusal refusals[MAX_REGISTERS];

static int report(const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	return 1;
}

static void show(const struct sprsync_register *reg,
		 const struct sprsync_copy *copy)
{
	size_t size = sprsync_id_size(reg->id);

	printf("%-12s 0x", reg->name);
	for (size_t i = 0; i < size; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		printf("%02x", copy->value[size - 1 - i]);
#else
		printf("%02x", copy->value[i]);
#endif
	}
	putchar('\n');
}

static int show_registers(int kvm_fd, int vcpu_fd)
{
	struct sprsync_options options = { 0 };
	struct sprsync_registry registry;
	int refused;
	int result;

	sprsync_registry_init(&registry, storage, indices, MAX_REGISTERS);
	result = sprsync_register_table(&registry, SPRSYNC_HV | SPRSYNC_PR,
					NULL, NULL);
	if (result < 0)
		return report("registering", -result);

	result =
		sprsync_check_capabilities(NULL, kvm_fd, &options.capabilities);
	if (result < 0)
		return report("KVM_CHECK_EXTENSION", -result);

	refused = sprsync_get(NULL, vcpu_fd, &registry, &options, copies,
			      scratch, refusals, MAX_REGISTERS);
	if (refused < 0)
		return report("getting registers", -refused);

	for (size_t i = 0; i < registry.count; i++) {
		if (copies[i].is_valid)
			show(&registry.registers[i], &copies[i]);
	}
	/* A refusal is no failure: the rest was synchronised all the same. */
	for (int i = 0; i < refused; i++) {
		char text[128];

		sprsync_refusal_text(&refusals[i], text, sizeof(text));
		puts(text);
	}

	/* Changing registers and moving a guest: vmm.c. */
	return 0;
}

int main(void)
{
	int kvm_fd, vm_fd, vcpu_fd;
	int status;

	kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm_fd < 0)
		return report("/dev/kvm", errno);
	vm_fd = ioctl(kvm_fd, KVM_CREATE_VM, 0UL);
	if (vm_fd < 0)
		return report("KVM_CREATE_VM", errno);
	vcpu_fd = ioctl(vm_fd, KVM_CREATE_VCPU, 0UL);
	if (vcpu_fd < 0)
		return report("KVM_CREATE_VCPU", errno);

	status = show_registers(kvm_fd, vcpu_fd);

	close(vcpu_fd);
	close(vm_fd);
	close(kvm_fd);
	return status;
}
