import type { InstructionAccess } from '../../record/registers.generated.js';
import type { Register } from '../../sync/register-table.js';
import type { ByteOrder } from '../../base/byte-order.js';
import { readDoubleword, writeDoubleword } from './doubleword.js';
import * as code from './instructions.js';

/** One access of the guest to a register. */
export interface GuestStep {
  readonly register: Register;
  readonly access: InstructionAccess;
  readonly direction: 'read' | 'write';
  /** What is written; unused in a read. */
  readonly value: bigint;
  /** What the guest does instead of the access. */
  readonly instructions?: readonly number[];
}

/** General registers with a fixed use in the guest's program; the others are free. */
export const GuestRegister = {
  stack: 1,
  /** An operand, and what a store's address is made with. */
  operand: 3,
  index: 6,
  state: 20,
  /** Where the program goes on after a trap, the step's slot, and the MSR to go on with. */
  resume: 21,
  slot: 22,
  msr: 23,
} as const;

/** Offsets in a step's slot of memory, bytes. `input` and `output` are 16 bytes each. */
export const SLOT = { input: 0, output: 16, state: 32, size: 48 } as const;

/**
 * What `operand` holds before an mfspr: the Power ISA makes mfspr of an SPR that the processor does
 * not have a no-op in privileged state (v3.0B, Book III, 5.4.4), which leaves this.
 */
export const SENTINEL = 0x5e17_1e5b_ad0d_d1ffn;

/**
 * The instructions of an access; `slot` and `index` are loaded, and `operand` with the input. The
 * status registers go through FPR0 and VR0, which keep their values.
 */
export function accessInstructions(step: GuestStep): readonly number[] {
  const { register, access, direction } = step;
  if (step.instructions !== undefined) return step.instructions;
  const { operand, slot, index } = GuestRegister;
  const isRead = direction === 'read';
  const number = numberOf(register);
  switch (access.by) {
    case 'spr': {
      const spr = sprOf(register);
      return isRead
        ? [code.mfspr(operand, spr), code.std(operand, SLOT.output, slot)]
        : [code.mtspr(spr, operand)];
    }
    case 'fpr':
      return [isRead ? code.stfd(number, SLOT.output, slot) : code.lfd(number, SLOT.input, slot)];
    case 'vr':
      return [isRead ? code.stvx(number, slot, index) : code.lvx(number, 0, slot)];
    case 'vsr':
      return [isRead ? code.stxvd2x(number, slot, index) : code.lxvd2x(number, 0, slot)];
    case 'fpscr':
      return isRead
        ? [
            code.stfd(0, SLOT.input, slot),
            ...[code.mffs(0), code.stfd(0, SLOT.output, slot)],
            code.lfd(0, SLOT.input, slot),
          ]
        : [
            code.stfd(0, SLOT.output, slot),
            ...[code.lfd(0, SLOT.input, slot), code.mtfsfAll(0)],
            code.lfd(0, SLOT.output, slot),
          ];
    case 'vscr':
      return isRead
        ? [
            code.stvx(0, 0, slot),
            ...[code.mfvscr(0), code.stvx(0, slot, index)],
            code.lvx(0, 0, slot),
          ]
        : [
            code.stvx(0, slot, index),
            ...[code.lvx(0, 0, slot), code.mtvscr(0)],
            code.lvx(0, slot, index),
          ];
  }
}

/** A step's value as it lies in the guest's memory: 16 bytes. A read has the sentinel there. */
export function encodeValue({ access, direction, value }: GuestStep, order: ByteOrder): Buffer {
  const bytes = Buffer.alloc(16);
  const input = direction === 'read' ? SENTINEL : value;
  const { low, high } = doublewordOffsets(access, order);
  writeDoubleword(bytes, low, BigInt.asUintN(64, input), order);
  if (high !== undefined) writeDoubleword(bytes, high, input >> 64n, order);
  return bytes;
}

/** The register's value in 16 bytes that the guest stored. */
export function decodeValue({ access }: GuestStep, bytes: Buffer, order: ByteOrder): bigint {
  const { low, high } = doublewordOffsets(access, order);
  const upper = high === undefined ? 0n : readDoubleword(bytes, high, order);
  const value = (upper << 64n) | readDoubleword(bytes, low, order);
  // VSCR is the low word of a VR.
  return access.by === 'vscr' ? BigInt.asUintN(32, value) : value;
}

/**
 * lvx and stvx move a quadword in the guest's byte order; lxvd2x and stxvd2x move two doublewords,
 * the high one at the lower address in both orders (Power ISA v3.0B, Book I, 6.7 and 7.6).
 */
function doublewordOffsets(
  { by }: InstructionAccess,
  order: ByteOrder,
): { readonly low: number; readonly high?: number } {
  switch (by) {
    case 'vr':
    case 'vscr':
      return order === 'little' ? { low: 0, high: 8 } : { low: 8, high: 0 };
    case 'vsr':
      return { low: 8, high: 0 };
    case 'spr':
    case 'fpr':
    case 'fpscr':
      return { low: 0 };
  }
}

function numberOf({ name }: Register): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

function sprOf({ name, spr }: Register): number {
  if (spr === undefined)
    throw new RangeError(`${name} is no SPR: matrix/registers.json has guest.by "spr"`);
  return spr;
}
