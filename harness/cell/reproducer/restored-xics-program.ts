import { exitInstructions } from '../../probe/guest/guest-program.js';
import {
  DECREMENTER_FAR,
  interruptible,
  setDecrementer,
  SHORT,
} from '../../probe/states/guest-actions.js';
import * as code from '../../probe/guest/instructions.js';
import { ICP_WITH_IPI, IDLE_ICP } from '../../probe/states/interrupts.js';
import { registerNamed } from '../../sync/register-table.js';
import type { CProgram } from './c-program.js';
import { interruptedGuestProgram, TAKE_INTERRUPTS } from './interrupted-guest.js';

/** A guest of KVM that has an XICS in the kernel, in a function with a variable `lpcr`. */
const WITH_XICS = `	struct kvm_create_device xics = { .type = KVM_DEV_TYPE_XICS };
	struct kvm_enable_cap cap = { .cap = KVM_CAP_IRQ_XICS };
	struct kvm_regs regs;
	uint64_t lpcr;

	load(program, sizeof(program));
	memcpy(memory + 0x500, handler, sizeof(handler));
	cap.args[0] = ioctl(vm, KVM_CREATE_DEVICE, &xics) < 0 ? ~0ULL : xics.fd;
	if (ioctl(vcpu, KVM_ENABLE_CAP, &cap) < 0)
		skip("an XICS in the kernel");
${TAKE_INTERRUPTS}`;

const QUIET = `
/* Whether a guest whose XICS is restored with nothing pending goes on with interrupts let in. */
static int is_quiet(void)
{
${WITH_XICS}
	ask(KVM_SET_ONE_REG, "ICP_STATE", ICP_STATE, IDLE);
	for (int runs = 0; runs < 2; runs++)
		ioctl(vcpu, KVM_RUN, 0);
	ioctl(vcpu, KVM_GET_REGS, &regs);
	return report(regs.pc >> 8 != 5, "an idle interrupt controller", "interrupts no guest");
}
`;

const TAKEN = `
/* Whether a guest whose XICS is restored with an interrupt pending takes it. */
static int is_taken(void)
{
${WITH_XICS}
	ask(KVM_SET_ONE_REG, "HIOR", HIOR, 0);
	ask(KVM_SET_ONE_REG, "ICP_STATE", ICP_STATE, PENDING);
	for (int runs = 0; runs < 2; runs++)
		ioctl(vcpu, KVM_RUN, 0);
	ioctl(vcpu, KVM_GET_REGS, &regs);
	return report(regs.pc >> 8 == 5, "an interrupt of XICS", "interrupts the guest");
}
`;

/** A guest whose ICP_STATE was put with nothing pending lets interrupts in, as the probe of interrupts has it. */
export function restoredXicsProgram(): CProgram {
  const leave = exitInstructions('hypercall');
  return interruptedGuestProgram({
    program: [
      ...[...leave, ...setDecrementer(DECREMENTER_FAR)],
      ...[...interruptible(SHORT), ...leave],
    ],
    constants: { ICP_STATE: registerNamed('ICP_STATE').id, IDLE: IDLE_ICP },
    readsExit: false,
    check: QUIET,
    call: 'is_quiet()',
  });
}

/** A guest of KVM-PR whose ICP_STATE was put with an IPI lets interrupts in, as the probe of interrupts has it. */
export function silentXicsProgram(): CProgram {
  const leave = exitInstructions('mmio');
  return interruptedGuestProgram({
    flavour: 'PR',
    program: [
      // KVM-PR lets nothing in where r1 is the one in the page that it shares with the guest.
      ...[code.li(1, 16), ...leave, ...setDecrementer(DECREMENTER_FAR)],
      ...[...interruptible(SHORT), ...leave],
    ],
    constants: {
      HIOR: registerNamed('HIOR').id,
      ICP_STATE: registerNamed('ICP_STATE').id,
      PENDING: ICP_WITH_IPI,
    },
    readsExit: false,
    check: TAKEN,
    call: 'is_taken()',
  });
}
