import type { GeneralRegs } from '../../agent/kvm-host.js';
import type { ByteOrder } from '../../base/byte-order.js';
import { readDoubleword, writeDoubleword } from '../guest/doubleword.js';
import { loadNumber } from '../guest/guest-program.js';
import * as code from '../guest/instructions.js';

/** General registers that neither a step of a program nor what it does to be interrupted uses. */
const FREE = [0, 2, ...range(10, 19), ...range(24, 31)] as const;
/** What else KVM_GET_REGS carries, by its field, with the SPR's number. */
const SPRS = [
  ['xer', 1],
  ['lr', 8],
  ['ctr', 9],
  ['sprg0', 272],
  ['sprg1', 273],
  ['sprg2', 274],
  ['sprg3', 275],
  ['srr0', 26],
  ['srr1', 27],
] as const;

/**
 * How a guest leaves: a hypercall keeps what PAPR says, an interrupt of the guest's all but SRR0 and SRR1,
 * everything else all.
 */
export type Way = 'hypercall' | 'interrupt' | 'other';

interface Field {
  readonly name: string;
  /** The bits that the processor has. */
  readonly bits: bigint;
  /** The bits that are compared, by the way out. */
  readonly kept: Readonly<Record<Way, bigint>>;
  readonly of: (regs: GeneralRegs) => bigint;
}

const ONES = (1n << 64n) - 1n;
/** A program that waits compares its clock in CR0. PAPR keeps CR2 to CR4. */
const CR = {
  bits: 0xffff_ffffn,
  other: 0x0fff_ffffn,
  interrupt: 0x0fff_ffffn,
  hypercall: 0x00ff_f000n,
};
/** Bits that the processor has, of those that have not all; SRR1 is loaded as the MSR that a guest goes on with. */
const BITS: Readonly<Record<string, bigint>> = { xer: 0xe000_007fn, srr0: ONES & ~3n };
const VOLATILE: ReadonlySet<string> = new Set(['xer', 'ctr']);
const OF_INTERRUPTS: ReadonlySet<string> = new Set(['srr0', 'srr1']);

const FIELDS: readonly Field[] = [
  ...SPRS.map(([name]): Field => {
    const bits = BITS[name] ?? ONES;
    const isOfInterrupts = OF_INTERRUPTS.has(name);
    return {
      ...{ name: name.toUpperCase(), bits },
      kept: {
        other: bits,
        interrupt: isOfInterrupts ? 0n : bits,
        hypercall: isOfInterrupts || VOLATILE.has(name) ? 0n : bits,
      },
      of: (regs) => regs[name],
    };
  }),
  { name: 'CR', bits: CR.bits, kept: CR, of: ({ cr }) => cr },
  ...FREE.map((index): Field => ({
    ...{ name: `GPR${index}`, bits: ONES },
    kept: { other: ONES, interrupt: ONES, hypercall: index < 14 ? 0n : ONES },
    of: ({ gpr }) => gpr[index] ?? 0n,
  })),
];

/** Bytes of memory that values of all fields take. */
export const GENERAL_SIZE = FIELDS.length * 8;

/** Values of all fields, as they lie in the guest's memory. */
export function generalValues(seed: bigint, order: ByteOrder): Buffer {
  const bytes = Buffer.alloc(GENERAL_SIZE);
  FIELDS.forEach(({ bits }, index) => {
    const value = BigInt.asUintN(64, (BigInt(index) + seed * 0x101n) * 0x9e37_79b9_7f4a_7c15n);
    writeDoubleword(bytes, index * 8, value & bits, order);
  });
  return bytes;
}

/** The guest loads all fields from an address, through r3 and r6. */
export function loadGeneral(address: number): number[] {
  return [
    ...loadNumber(6, address),
    ...SPRS.flatMap(([, spr], index) => [code.ld(3, index * 8, 6), code.mtspr(spr, 3)]),
    ...[code.ld(3, SPRS.length * 8, 6), code.mtcr(3)],
    ...FREE.map((register, index) => code.ld(register, (SPRS.length + 1 + index) * 8, 6)),
  ];
}

/** The guest stores all fields to an address, through r3 and r6. */
export function storeGeneral(address: number): number[] {
  return [
    ...loadNumber(6, address),
    ...FREE.map((register, index) => code.std(register, (SPRS.length + 1 + index) * 8, 6)),
    ...SPRS.flatMap(([, spr], index) => [code.mfspr(3, spr), code.std(3, index * 8, 6)]),
    ...[code.mfcr(3), code.std(3, SPRS.length * 8, 6)],
  ];
}

/** A field that is not as it was. */
export interface GeneralChange {
  readonly name: string;
  readonly was: bigint;
  readonly is: bigint;
}

/** What of `before` is not in `after`, or in what KVM_GET_REGS says meanwhile. */
export function generalChanges(
  before: Buffer,
  after: Buffer | GeneralRegs,
  way: Way,
  order: ByteOrder,
): GeneralChange[] {
  return FIELDS.flatMap(({ name, kept, of }, index) => {
    const found = Buffer.isBuffer(after) ? readDoubleword(after, index * 8, order) : of(after);
    const [was, is] = [readDoubleword(before, index * 8, order) & kept[way], found & kept[way]];
    return was === is ? [] : [{ name, was, is }];
  });
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
