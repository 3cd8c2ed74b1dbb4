import { exitInstructions } from '../../probe/guest/guest-program.js';
import { illegal } from '../../probe/states/guest-actions.js';
import type { CProgram } from './c-program.js';
import { interruptedGuestProgram, TAKE_INTERRUPTS } from './interrupted-guest.js';

const INTERRUPTED = `
/* Whether an illegal instruction of the guest is a program interrupt for it: the handler leaves. */
static int interrupts(void)
{
	struct kvm_regs regs;
	uint64_t lpcr;
	int is_ok;

	load(program, sizeof(program));
	memcpy(memory + 0x700, handler, sizeof(handler));
${TAKE_INTERRUPTS}
	if (ioctl(vcpu, KVM_RUN, 0) < 0 || run->exit_reason != KVM_EXIT_PAPR_HCALL)
		skip("the guest does not begin");
	is_ok = ioctl(vcpu, KVM_RUN, 0) >= 0 && run->exit_reason == KVM_EXIT_PAPR_HCALL;
	ioctl(vcpu, KVM_GET_REGS, &regs);
	printf("# exit reason %u at %#lx\\n", run->exit_reason, (long)regs.pc);
	return report(is_ok && regs.pc >> 8 == 7, "an illegal instruction", "interrupts the guest");
}
`;

/** A guest's illegal instruction, as the probe of exits has it. */
export function interruptProgram(): CProgram {
  return interruptedGuestProgram({
    program: [...exitInstructions('hypercall'), ...illegal()],
    readsExit: true,
    check: INTERRUPTED,
    call: 'interrupts()',
  });
}
