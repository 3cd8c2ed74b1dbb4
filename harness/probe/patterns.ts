import type { RegisterField } from '../record/register-fields.js';
import type { Register } from '../sync/register-table.js';

/** All ones in a register's width. */
export function allOnes(register: Register): bigint {
  return (1n << BigInt(register.sizeBytes * 8)) - 1n;
}

/** A 64-bit odd constant near 2^64 divided by the golden ratio: its multiples look unalike. */
const SPREAD = 0x9e3779b97f4a7c15n;

/**
 * A value that no other register is given: what a register answers with tells whose value it is.
 * Never zero, and never all ones.
 */
export function distinctValue(register: Register): bigint {
  const seed = BigInt(register.index + 1);
  const low = (seed * SPREAD) & 0xffff_ffff_ffff_ffffn;
  const high = ((seed + 0x1000n) * SPREAD) & 0xffff_ffff_ffff_ffffn;
  const wide = (high << 64n) | low;
  // The upper half of a product depends on all of the seed; the lower bits repeat soon.
  return register.sizeBytes === 4 ? low >> 32n : wide & allOnes(register);
}

/** No bit of it is that of the distinct value. */
export function otherValue(register: Register): bigint {
  return ~distinctValue(register) & allOnes(register);
}

/** Bits that matrix/registers.json fixes in the values that a guest can live with, as hex. */
export interface FixedBits {
  readonly set?: string;
  readonly clear?: string;
}

/** `value` in the register's width, with its fixed bits. */
export function legalValue(
  register: Register,
  { set = '0x0', clear = '0x0' }: FixedBits,
  value: bigint,
): bigint {
  return (value & allOnes(register) & ~BigInt(clear)) | BigInt(set);
}

/** The values that every register is put: zeros, ones, both checkerboards, its distinct value. */
export function wholePatterns(register: Register): bigint[] {
  const ones = allOnes(register);
  return [0n, ones, (ones / 3n) * 2n, ones / 3n, distinctValue(register)];
}

/**
 * With `wholePatterns`, every pair of a register's bits in all four states: for each binary digit of the
 * bits' numbers, the bits whose number has it, and the others. The checkerboards are those of the lowest
 * digit. A register that keeps them all has no bit that is lost, stuck, exchanged with another, or set,
 * cleared or held by one: 12 values instead of 64.
 */
export function pairPatterns(register: Register): readonly bigint[] {
  const known = PAIR_PATTERNS.get(register.sizeBytes);
  if (known !== undefined) return known;
  const bits = bitPatterns(register);
  const patterns = Array.from({ length: Math.log2(bits.length) - 1 }, (_, index) => {
    const having = bits.filter((_value, bit) => ((bit >> (index + 1)) & 1) === 1);
    const value = having.reduce((sum, bit) => sum | bit);
    return [value, ~value & allOnes(register)];
  }).flat();
  PAIR_PATTERNS.set(register.sizeBytes, patterns);
  return patterns;
}

/** The widest field of which every value is put: 16 of them. */
const ENUMERATED_BITS = 4;

/** Every value of each field of 2 to 4 bits, with the other bits of `rest`. */
export function fieldPatterns(
  register: Register,
  fields: readonly Pick<RegisterField, 'high' | 'low'>[],
  rest: bigint,
): bigint[] {
  return fields
    .filter(({ high, low }) => high > low && high - low < ENUMERATED_BITS)
    .flatMap(({ high, low }) => {
      const values = 1n << BigInt(high - low + 1);
      const others = rest & ~((values - 1n) << BigInt(low)) & allOnes(register);
      return Array.from(
        { length: Number(values) },
        (_, value) => others | (BigInt(value) << BigInt(low)),
      );
    });
}

/** By the size of a register in bytes: they are the same for all of a size. */
const PAIR_PATTERNS = new Map<number, readonly bigint[]>();

/** Each bit of a register alone, least significant first. */
export function bitPatterns(register: Register): bigint[] {
  return Array.from({ length: register.sizeBytes * 8 }, (_, bit) => 1n << BigInt(bit));
}
