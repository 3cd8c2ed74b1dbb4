import { loadNumber } from '../guest/guest-program.js';
import * as code from '../guest/instructions.js';

/**
 * What a guest does to be interrupted, in pieces of code for a step of `guestProgram`. They use
 * general registers 3 to 9, which no step keeps.
 */

/** H_CEDE (arch/powerpc/include/asm/hvcall.h). */
const H_CEDE = 0xe0;
const H_PROD = 0xe4;
/** SPR numbers. */
const DEC = 22;
const TB = 268;
/** MSR[EE] and MSR[RI]. */
const MSR_EE_RI = 0x8002;
/** A timebase of QEMU's counts 512,000,000 a second: 65,536 are 128 us. */
const TICKS_UNIT = 0x1_0000;

/** The decrementer: it interrupts after so many ticks, or, when far, not at all. */
export const setDecrementer = (ticks: number): number[] => [
  ...loadNumber(3, ticks),
  code.mtspr(DEC, 3),
];
export const DECREMENTER_FAR = 0x7fff_ffff;

/** A hypercall that KVM answers itself: a prod of no processor. */
export const prod = (): number[] => [code.li(3, H_PROD), code.li(4, -1), code.sc(1)];

/** Runs on for so many units of 65,536 ticks. */
export function spin(units: number): number[] {
  return [
    ...[code.mfspr(7, TB), code.lis(8, units), code.add(7, 7, 8)],
    ...[code.mfspr(8, TB), code.cmpld(8, 7), code.blt(-8)],
  ];
}

/**
 * H_CEDE with a decrementer that ends it: KVM sets MSR[EE] for it, and the guest is interrupted. The 8 ms are for a
 * busy machine: what has expired before KVM looks ends no sleep. A signal to the VMM ends it sooner, with nothing
 * pending: the guest waits on, as one of PAPR does.
 */
export const cede = (): number[] => [
  ...setDecrementer(64 * TICKS_UNIT),
  ...[code.li(3, H_CEDE), code.sc(1)],
  ...spin(LONG),
];

/** Lets interrupts in, for so many units of ticks at most. */
export const interruptible = (units: number): number[] => [
  ...loadNumber(3, MSR_EE_RI),
  code.mtmsrd(3, 1),
  ...spin(units),
  ...[code.li(3, 2), code.mtmsrd(3, 1)],
];

/**
 * Units for which an interrupt that must come, and ends the wait, is waited for (no longer than a hang), and
 * one that must not.
 */
export const [LONG, SHORT] = [3000, 200];

/**
 * Lets in an interrupt that is pending already. KVM brings it at an entry with MSR[EE], and a guest that spins
 * comes to one when a tick of its host's ends its run, which QEMU now and then loses (agent/nudge.ts): a hypercall
 * that KVM answers itself is an entry of the guest's own.
 */
export const interruptedAtOnce = (units: number): number[] => [
  ...loadNumber(3, MSR_EE_RI),
  code.mtmsrd(3, 1),
  ...prod(),
  ...interruptible(units),
];

/** A decrementer that interrupts the guest while it runs. */
export const decrementer = (): number[] => [...setDecrementer(TICKS_UNIT), ...interruptible(400)];

/** Loads the doubleword at an address. */
export const load = (address: number): number[] => [...loadNumber(6, address), code.ld(7, 0, 6)];

/** An instruction that no processor has. */
export const illegal = (): number[] => [0];
