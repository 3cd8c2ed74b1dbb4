import { exitInstructions } from '../../probe/guest/guest-program.js';
import { LPCR_ILE } from '../../probe/guest/guest-vcpu.js';
import { registerNamed } from '../../sync/register-table.js';
import type { CProgram, VmFlavour } from './c-program.js';
import { ASK_CODE, literal, REPORT_CODE } from './c-program.js';
import { GUEST_HEADERS, guestCode, LEAVES, wordsText } from './guest-code.js';

/** Lines of a function with a variable `lpcr`: the guest takes its interrupts in the program's own byte order. */
export const TAKE_INTERRUPTS = `	lpcr = ask(KVM_GET_ONE_REG, "LPCR", LPCR, 0);
	ask(KVM_SET_ONE_REG, "LPCR", LPCR, LITTLE ? lpcr | LPCR_ILE : lpcr & ~LPCR_ILE);`;

/** A check of a guest that is interrupted, or must not be: its `handler` leaves. */
export interface InterruptedGuest {
  /** KVM-HV unless it says otherwise. */
  readonly flavour?: VmFlavour;
  /** The guest's instructions. */
  readonly program: readonly number[];
  /** Constants that `check` has besides LPCR and LPCR_ILE. */
  readonly constants?: Readonly<Record<string, bigint>>;
  /** Whether `check` reads why KVM_RUN came back: from `run`. */
  readonly readsExit: boolean;
  /** A C function, and how it is called. */
  readonly check: string;
  readonly call: string;
}

export function interruptedGuestProgram(guest: InterruptedGuest): CProgram {
  const { flavour = 'HV', program, constants = {}, readsExit, check, call } = guest;
  const defined = Object.entries({
    LPCR: registerNamed('LPCR_64').id,
    LPCR_ILE,
    ...constants,
  });
  const width = Math.max(...defined.map(([name]) => name.length));
  const defines = defined.map(
    ([name, value]) => `#define ${name.padEnd(width)} ${literal(value)}\n`,
  );
  return {
    headers: GUEST_HEADERS,
    code: [
      ...[REPORT_CODE, ASK_CODE, guestCode({ flavour, onAlarm: 'end', readsExit })],
      `\n${defines.join('')}\n`,
      wordsText('program', program),
      wordsText('handler', exitInstructions(LEAVES[flavour])),
      check,
    ].join(''),
    checks: [call],
  };
}
