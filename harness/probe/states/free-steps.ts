import { exitInstructions, loadNumber } from '../guest/guest-program.js';
import type { GuestStep } from '../guest/guest-step.js';
import { GuestRegister, SLOT } from '../guest/guest-step.js';
import * as code from '../guest/instructions.js';
import { registerNamed } from '../../sync/register-table.js';
import type { StepAnswer } from '../guest/guest-run.js';
import * as actions from './guest-actions.js';
import type { StateOptions } from './kvm-calls.js';
import type { StateAnswers } from './state-answers.js';
import { hexText } from './state-answers.js';

/**
 * Steps of a guest that are no access to a register of the table: instructions of any kind, the answer
 * being what they store in their slot, if they do.
 */
export function freeStep(instructions: readonly number[]): GuestStep {
  const register = registerNamed('DSCR');
  return { register, access: { by: 'spr' }, direction: 'read', value: 0n, instructions };
}

/** Stores a general register as the step's answer. */
const storeOf = (register: number): number => code.std(register, SLOT.output, GuestRegister.slot);

/** Reads an SPR by its number, in the table or not. */
export const readSpr = (spr: number): GuestStep =>
  freeStep([code.mfspr(GuestRegister.operand, spr), storeOf(GuestRegister.operand)]);

/** Leaves to the VMM, which does something and comes back. */
export const leave = ({ leaves }: StateOptions): GuestStep => freeStep(exitInstructions(leaves));

/** A hypercall that KVM answers itself; the step's answer is its first return value. */
export const hypercall = (number: number): GuestStep =>
  freeStep([code.li(3, number), code.sc(1), storeOf(4)]);

/** Loads the doubleword at an address. */
export const loadFrom = (address: number): GuestStep => freeStep(actions.load(address));

/** Stores to the doubleword at an address. */
export const storeTo = (address: number): GuestStep =>
  freeStep([...loadNumber(6, address), code.std(7, 0, 6)]);

const CTR = 9;
/** Calls the code at an address; it comes back by the link register. */
export const callTo = (address: number): GuestStep =>
  freeStep([...loadNumber(7, address), code.mtspr(CTR, 7), code.bctrl()]);

/** Lets interrupts in, for so many units of ticks at most. */
export const letIn = (units: number): GuestStep => freeStep(actions.interruptible(units));

/** Lets in an interrupt that is pending, and that must come. */
export const letInPending = ({ isPapr }: StateOptions): GuestStep =>
  freeStep((isPapr ? actions.interruptedAtOnce : actions.interruptible)(actions.LONG));

/** Sets the decrementer so that it does not interrupt. */
export const decrementerFar = (): GuestStep =>
  freeStep(actions.setDecrementer(actions.DECREMENTER_FAR));

/** An interrupt that a step took. */
export const tookText = (vector: number): string => `took ${hexText(BigInt(vector))}`;

/** What a step came to, for an answer. */
export function stepText(answer: StepAnswer | undefined): string {
  if (answer === undefined) return 'was not reached';
  if (answer.outcome === 'trapped') return tookText(answer.vector);
  return answer.outcome === 'done' ? 'went on' : answer.why;
}

/** A step, and the interrupt that it must take; with none the guest must go on. */
export type ExpectedStep = readonly [item: string, step: GuestStep, vector?: number | undefined];

/** Notes what came of a step. */
export function sayStep(
  [item, step, vector]: ExpectedStep,
  seen: ReadonlyMap<GuestStep, StepAnswer>,
  answers: StateAnswers,
): void {
  answers.compare(
    item,
    stepText(seen.get(step)),
    vector === undefined ? 'went on' : tookText(vector),
  );
}

/** The value that a step stored; undefined for one that was trapped or not reached. */
export function stepValue(answer: StepAnswer | undefined): bigint | undefined {
  return answer?.outcome === 'done' ? answer.value : undefined;
}
