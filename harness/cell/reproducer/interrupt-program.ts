import { exitInstructions } from '../../probe/guest/guest-program.js';
import { LPCR_ILE } from '../../probe/guest/guest-vcpu.js';
import { illegal } from '../../probe/states/guest-actions.js';
import { registerNamed } from '../../sync/register-table.js';
import type { CProgram } from './c-program.js';
import { ASK_CODE, literal, REPORT_CODE } from './c-program.js';
import { GUEST_HEADERS, guestCode, wordsText } from './guest-code.js';

const INTERRUPTED = `
/* Whether an illegal instruction of the guest is a program interrupt for it: the handler leaves. */
static int interrupts(void)
{
	struct kvm_regs regs;
	uint64_t lpcr;
	int is_ok;

	load(program, sizeof(program));
	memcpy(memory + 0x700, handler, sizeof(handler));
	lpcr = ask(KVM_GET_ONE_REG, "LPCR", LPCR, 0);
	ask(KVM_SET_ONE_REG, "LPCR", LPCR, LITTLE ? lpcr | LPCR_ILE : lpcr & ~LPCR_ILE);
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
  const leave = exitInstructions('hypercall');
  return {
    headers: GUEST_HEADERS,
    code: [
      REPORT_CODE,
      ASK_CODE,
      guestCode({ flavour: 'HV', onAlarm: 'end', readsExit: true }),
      `\n#define LPCR     ${literal(registerNamed('LPCR_64').id)}\n`,
      `#define LPCR_ILE ${literal(LPCR_ILE)}\n\n`,
      wordsText('program', [...leave, ...illegal()]),
      wordsText('handler', leave),
      INTERRUPTED,
    ].join(''),
    checks: ['interrupts()'],
  };
}
