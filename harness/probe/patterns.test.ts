import { expect, test } from '@playwright/test';
import { registerNamed, registerTable } from '../sync/register-table.js';
import { allOnes, bitPatterns, distinctValue, pairPatterns, wholePatterns } from './patterns.js';

/** Registers of 32, 64 and 128 bits. */
const VRSAVE = registerNamed('VRSAVE');
const DSCR = registerNamed('DSCR');
const VR0 = registerNamed('VR0');

test('all ones are as wide as the register', () => {
  expect([VRSAVE, DSCR, VR0].map(allOnes)).toEqual([
    0xffff_ffffn,
    0xffff_ffff_ffff_ffffn,
    0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn,
  ]);
});

test('no two of the 310 registers are given the same distinct value', () => {
  const values = registerTable().map(distinctValue);
  expect(values.length).toBe(310);
  expect(new Set(values).size).toBe(310);
});

test('a distinct value tells its register by each 32-bit half alone', () => {
  const wide = registerTable().filter(({ sizeBytes }) => sizeBytes === 8);
  for (const shift of [0n, 32n]) {
    const halves = wide.map((register) => (distinctValue(register) >> shift) & 0xffff_ffffn);
    expect(new Set(halves).size).toBe(wide.length);
  }
});

test('a distinct value fits its register, and is none of the other patterns', () => {
  const unfit = registerTable().filter((register) => {
    const value = distinctValue(register);
    const others = [...wholePatterns(register).slice(0, -1), ...bitPatterns(register)];
    return value > allOnes(register) || others.includes(value);
  });
  expect(unfit.map(({ name }) => name)).toEqual([]);
});

test('a distinct value fills the upper half of its register too', () => {
  const low = registerTable().filter(
    (register) => distinctValue(register) >> BigInt(register.sizeBytes * 4) === 0n,
  );
  expect(low.map(({ name }) => name)).toEqual([]);
});

test('whole patterns are zeros, ones, both checkerboards and the distinct value', () => {
  expect(wholePatterns(VRSAVE)).toEqual([
    0n,
    0xffff_ffffn,
    0xaaaa_aaaan,
    0x5555_5555n,
    distinctValue(VRSAVE),
  ]);
  expect(wholePatterns(VR0).slice(0, 4)).toEqual(
    ['0', 'f', 'a', '5'].map((digit) => BigInt(`0x${digit.repeat(32)}`)),
  );
});

test('bit patterns are each bit of the register alone', () => {
  const bits = bitPatterns(VRSAVE);
  expect([bits[0], bits[1], bits[31], bits.length]).toEqual([1n, 2n, 0x8000_0000n, 32]);
  expect(bitPatterns(VR0).reduce((sum, bit) => sum | bit)).toBe(allOnes(VR0));
});

test('patterns of pairs have every pair of bits in all four states, with the checkerboards', () => {
  for (const register of [VRSAVE, DSCR, VR0]) {
    const patterns = [...wholePatterns(register).slice(0, 4), ...pairPatterns(register)];
    const bits = bitPatterns(register);
    const missing = bits.flatMap((one, low) =>
      bits.slice(low + 1).filter((other) => {
        const states = patterns.map((pattern) => `${pattern & one} ${pattern & other}`);
        return new Set(states).size < 4;
      }),
    );
    expect(missing).toEqual([]);
  }
  expect([VRSAVE, DSCR, VR0].map((register) => pairPatterns(register).length)).toEqual([8, 10, 12]);
});
