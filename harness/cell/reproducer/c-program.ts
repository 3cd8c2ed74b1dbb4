/** What a reproducer adds to the frame that all have: `frameText`. */
export interface CProgram {
  /** Headers besides those of the frame, without angle brackets. */
  readonly headers: readonly string[];
  /** Functions and data, ahead of `main`. */
  readonly code: string;
  /** Calls that return whether the bug shows, one for each line of TAP: `keeps("MMCR3", 0x...ULL)`. */
  readonly checks: readonly string[];
}

/** What a reproducer says of itself. */
export interface CTitle {
  readonly id: string;
  readonly what: string;
  readonly source: string;
}

const HEADERS = ['fcntl.h', 'linux/kvm.h', 'stdint.h', 'stdio.h', 'sys/ioctl.h', 'unistd.h'];

/**
 * A whole C file: TAP on standard output, exit code 0 where the bug is fixed, 1 where it shows, 4 where it cannot be
 * asked, as the kernel's kselftest has it.
 */
export function frameText({ id, what, source }: CTitle, program: CProgram): string {
  const { headers, code, checks } = program;
  const included = [...new Set([...HEADERS, ...headers])].sort();
  return `// SPDX-License-Identifier: MIT
/*
 * ${id}: ${wrapped(what)}
 * ${wrapped(source)}
 * cc -o ${id} ${id}.c -lpthread; on a ppc64 host: 0 fixed, 1 shown, 4 skipped
 */
#define _GNU_SOURCE
${included.map((header) => `#include <${header}>`).join('\n')}

#define LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

static int vm, vcpu, tests;

static void skip(const char *why)
{
	printf("ok %d # SKIP %s: %m\\n", tests + 1, why);
	_exit(4);
}
${code}
int main(void)
{
	int shown = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	printf("TAP version 13\\n1..${checks.length}\\n");
${checks.map((check) => `\tshown |= ${check};`).join('\n')}
	return shown;
}
`;
}

/** A line of TAP, in C; returns whether the bug shows. */
export const REPORT_CODE = `
static int report(int is_ok, const char *name, const char *what)
{
	printf("%s %d - %s %s\\n", is_ok ? "ok" : "not ok", ++tests, name, what);
	return !is_ok;
}
`;

/** KVM_CREATE_VM's types, by KVM's flavour (Documentation/virt/kvm/api.rst). */
export const VM_TYPES = { HV: 1, PR: 2 } as const;

/** A flavour of KVM that a program has a VM of. */
export type VmFlavour = keyof typeof VM_TYPES;

/** A vCPU without a guest, in C. */
export function freshCode(flavour: VmFlavour): string {
  return `
static void fresh(void)
{
	int kvm = open("/dev/kvm", O_RDWR);

	vm = kvm < 0 ? kvm : ioctl(kvm, KVM_CREATE_VM, ${VM_TYPES[flavour]}); /* ${flavour} */
	vcpu = vm < 0 ? vm : ioctl(vm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0)
		skip("KVM-${flavour}");
}
`;
}

/** What ONE_REG is called with, in C. */
const structCode = (address: string): string => `
	unsigned int size = 1u << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
	struct kvm_one_reg reg = { id, (uintptr_t)${address} + (LITTLE ? 0 : 8 - size) };
`;

/** ONE_REG of registers of at most 64 bits, in C: a refusal is the caller's. */
export const ONE_REG_CODE = `
/* The kernel has as many bytes of a value as the id says. */
static int one_reg(unsigned long request, uint64_t id, uint64_t *value)
{${structCode('value')}
	return ioctl(vcpu, request, &reg);
}
`;

/** The same, of which a refusal is a skip: `ask(KVM_GET_ONE_REG, "LPCR", id, 0)`. */
export const ASK_CODE = `
/* The kernel has as many bytes of a value as the id says. */
static uint64_t ask(unsigned long request, const char *name, uint64_t id, uint64_t value)
{${structCode('&value')}
	if (ioctl(vcpu, request, &reg) < 0)
		skip(name);
	return value;
}
`;

/** A C literal of 64 bits. */
export function literal(value: bigint): string {
  return `0x${value.toString(16)}ULL`;
}

/** A sentence in lines of a comment. */
function wrapped(text: string): string {
  return text
    .replaceAll('*/', '* /')
    .replaceAll(/(.{1,94})(?: |$)/g, '$1\n *   ')
    .replace(/\n \* +$/, '');
}
