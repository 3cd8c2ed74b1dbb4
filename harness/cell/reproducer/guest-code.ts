import { exitInstructions, loadNumber } from '../../probe/guest/guest-program.js';
import type { GuestStep } from '../../probe/guest/guest-step.js';
import { accessInstructions, GuestRegister, SLOT } from '../../probe/guest/guest-step.js';
import type { VmFlavour } from './c-program.js';
import { VM_TYPES } from './c-program.js';
import * as code from '../../probe/guest/instructions.js';

/** How a guest of KVM-HV or KVM-PR leaves: see `GuestExitKind`. */
export const LEAVES = { HV: 'hypercall', PR: 'mmio' } as const;

/** A guest real address. */
const SLOTS = 0x10_0000;
const WORDS_IN_LINE = 8;

/** What a program wants of its guest. */
export interface GuestNeeds {
  readonly flavour: VmFlavour;
  /** What a signal that comes after ten seconds does: end a guest that hangs, or only its KVM_RUN. */
  readonly onAlarm: 'end' | 'go on';
  /** Whether it reads why KVM_RUN came back: from `run`. */
  readonly readsExit: boolean;
}

/**
 * A fresh guest in C: `load` starts it at a program, privileged, untranslated and in the host's byte order, with its
 * memory at `memory`. Floating point and vectors are in the MSR that GPR23 holds.
 */
export function guestCode({ flavour, onAlarm, readsExit }: GuestNeeds): string {
  const isHv = flavour === 'HV';
  return `${readsExit ? '\nstatic struct kvm_run *run;' : ''}
static unsigned char *memory;

static void on_alarm(int number)
{
	${onAlarm === 'end' ? '_exit(number ? 4 : 0); /* the guest hangs */' : '(void)number;'}
}

static void load(const uint32_t *program, size_t size)
{
	struct kvm_userspace_memory_region region = { .memory_size = 0x1000000 };${
    isHv ? '\n\tstruct kvm_enable_cap cap = { .cap = KVM_CAP_PPC_PAPR };' : ''
  }
	struct kvm_regs regs = { .pc = 0x10000, .msr = 0x8000000000001000 | LITTLE };

	vm = ioctl(open("/dev/kvm", O_RDWR), KVM_CREATE_VM, ${VM_TYPES[flavour]}); /* ${flavour} */
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);${
    readsExit ? '\n\trun = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);' : ''
  }
	memory = mmap(NULL, 0x1000000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	region.userspace_addr = (uintptr_t)memory;
	memcpy(memory + 0x10000, program, size);
	regs.gpr[${GuestRegister.msr}] = regs.msr | 0x2802000; /* FP, VEC, VSX */
	if (${isHv ? 'ioctl(vcpu, KVM_ENABLE_CAP, &cap) < 0 || ' : ''}ioctl(vcpu, KVM_SET_REGS, &regs) < 0 ||
	    ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		skip("a guest of KVM-${flavour}");
	signal(SIGALRM, on_alarm);
	alarm(10);
}
`;
}

/** The exit reason of a guest that left by itself, in C. */
export const OWN_EXIT = { HV: 'KVM_EXIT_PAPR_HCALL', PR: 'KVM_EXIT_MMIO' } as const;

/** Headers that `guestCode` needs. */
export const GUEST_HEADERS: readonly string[] = ['signal.h', 'string.h', 'sys/mman.h'];

/** A program that leaves, makes every access with a slot of its own, and leaves again, as the guest probe's. */
export function accessWords(steps: readonly GuestStep[], flavour: VmFlavour): number[] {
  const { operand, slot, index, msr } = GuestRegister;
  return [
    ...[code.mtmsrd(msr, 0), ...exitInstructions(LEAVES[flavour])],
    ...steps.flatMap((step, number) => [
      ...loadNumber(slot, SLOTS + number * SLOT.size),
      ...[code.li(index, SLOT.output), code.ld(operand, SLOT.input, slot)],
      ...accessInstructions(step),
    ]),
    ...exitInstructions(LEAVES[flavour]),
  ];
}

/** Instructions as a C array. */
export function wordsText(name: string, words: readonly number[]): string {
  const texts = words.map((word) => `0x${word.toString(16).padStart(8, '0')}`);
  const lines = Array.from({ length: Math.ceil(texts.length / WORDS_IN_LINE) }, (_, line) =>
    texts.slice(line * WORDS_IN_LINE, (line + 1) * WORDS_IN_LINE).join(', '),
  );
  if (lines.length === 1) return `static const uint32_t ${name}[] = { ${lines.join('')} };\n`;
  return `static const uint32_t ${name}[] = {\n\t${lines.join(',\n\t')} };\n`;
}
