import { exitInstructions } from '../../probe/guest/guest-program.js';
import { LPCR_ILE } from '../../probe/guest/guest-vcpu.js';
import {
  DECREMENTER_FAR,
  interruptible,
  setDecrementer,
  SHORT,
} from '../../probe/states/guest-actions.js';
import { IDLE_ICP } from '../../probe/states/interrupts.js';
import { registerNamed } from '../../sync/register-table.js';
import type { CProgram } from './c-program.js';
import { ASK_CODE, literal, REPORT_CODE } from './c-program.js';
import { GUEST_HEADERS, guestCode, wordsText } from './guest-code.js';

const QUIET = `
/* Whether a guest whose XICS is restored with nothing pending goes on with interrupts let in. */
static int is_quiet(void)
{
	struct kvm_create_device xics = { .type = KVM_DEV_TYPE_XICS };
	struct kvm_enable_cap cap = { .cap = KVM_CAP_IRQ_XICS };
	struct kvm_regs regs;
	uint64_t lpcr;

	load(program, sizeof(program));
	memcpy(memory + 0x500, handler, sizeof(handler));
	cap.args[0] = ioctl(vm, KVM_CREATE_DEVICE, &xics) < 0 ? ~0ULL : xics.fd;
	if (ioctl(vcpu, KVM_ENABLE_CAP, &cap) < 0)
		skip("an XICS in the kernel");
	lpcr = ask(KVM_GET_ONE_REG, "LPCR", LPCR, 0);
	ask(KVM_SET_ONE_REG, "LPCR", LPCR, LITTLE ? lpcr | LPCR_ILE : lpcr & ~LPCR_ILE);
	ask(KVM_SET_ONE_REG, "ICP_STATE", ICP_STATE, IDLE);
	for (int runs = 0; runs < 2; runs++)
		ioctl(vcpu, KVM_RUN, 0);
	ioctl(vcpu, KVM_GET_REGS, &regs);
	return report(regs.pc >> 8 != 5, "an idle interrupt controller", "interrupts no guest");
}
`;

/** A guest whose ICP_STATE was put with nothing pending lets interrupts in, as the probe of interrupts has it. */
export function restoredXicsProgram(): CProgram {
  const leave = exitInstructions('hypercall');
  return {
    headers: GUEST_HEADERS,
    code: [
      REPORT_CODE,
      ASK_CODE,
      guestCode({ flavour: 'HV', onAlarm: 'end', readsExit: false }),
      `\n#define LPCR      ${literal(registerNamed('LPCR_64').id)}\n`,
      `#define LPCR_ILE  ${literal(LPCR_ILE)}\n`,
      `#define ICP_STATE ${literal(registerNamed('ICP_STATE').id)}\n`,
      `#define IDLE      ${literal(IDLE_ICP)}\n\n`,
      wordsText('program', [
        ...leave,
        ...setDecrementer(DECREMENTER_FAR),
        ...interruptible(SHORT),
        ...leave,
      ]),
      wordsText('handler', leave),
      QUIET,
    ].join(''),
    checks: ['is_quiet()'],
  };
}
