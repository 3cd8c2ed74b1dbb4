import { expect, test } from '@playwright/test';
import type { InstructionAccess } from '../../record/registers.generated.js';
import { registerNamed } from '../../sync/register-table.js';
import type { GuestStep } from './guest-step.js';
import { accessInstructions, decodeValue, encodeValue, SENTINEL } from './guest-step.js';
import * as code from './instructions.js';

const WIDE = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeffn;

function step(name: string, by: InstructionAccess['by'], value = 0n): GuestStep {
  const direction = value === 0n ? 'read' : 'write';
  return { register: registerNamed(name), access: { by }, direction, value };
}

for (const order of ['little', 'big'] as const) {
  test(`a value is read back from the memory of a ${order}-endian guest as it was written`, () => {
    for (const [name, by, value] of [
      ['DSCR', 'spr', 0x0123_4567_89ab_cdefn],
      ['FPR31', 'fpr', 0x0123_4567_89ab_cdefn],
      ['VR3', 'vr', WIDE],
      ['VSR3', 'vsr', WIDE],
      ['VSCR', 'vscr', 0x1_0001n],
    ] as const) {
      const written = step(name, by, value);
      expect(decodeValue(written, encodeValue(written, order), order)).toBe(value);
    }
  });
}

test('a quadword lies in the byte order, two doublewords of a VSR always lie high one first', () => {
  const hex = (name: string, by: InstructionAccess['by'], order: 'little' | 'big'): string =>
    encodeValue(step(name, by, WIDE), order).toString('hex');
  expect(hex('VR0', 'vr', 'big')).toBe('00112233445566778899aabbccddeeff');
  expect(hex('VR0', 'vr', 'little')).toBe('ffeeddccbbaa99887766554433221100');
  expect(hex('VSR0', 'vsr', 'big')).toBe('00112233445566778899aabbccddeeff');
  expect(hex('VSR0', 'vsr', 'little')).toBe('7766554433221100ffeeddccbbaa9988');
});

test('a read finds the sentinel in the operand, so that one that does nothing is seen', () => {
  expect(encodeValue(step('DSCR', 'spr'), 'big').readBigUInt64BE()).toBe(SENTINEL);
});

test('reading and writing a status register leaves the register that it goes through as it was', () => {
  const through = (by: 'fpscr' | 'vscr', value: bigint): readonly number[] =>
    accessInstructions(step(by === 'fpscr' ? 'FPSCR' : 'VSCR', by, value));
  expect(through('fpscr', 0n).at(-1)).toBe(code.lfd(0, 0, 22));
  expect(through('fpscr', 1n).at(-1)).toBe(code.lfd(0, 16, 22));
  expect(through('vscr', 0n).at(-1)).toBe(code.lvx(0, 0, 22));
  expect(through('vscr', 1n).at(-1)).toBe(code.lvx(0, 22, 6));
});

test('an SPR access of a register that has no SPR number is refused', () => {
  expect(() => accessInstructions(step('FPR0', 'spr'))).toThrow(
    'FPR0 is no SPR: matrix/registers.json has guest.by "spr"',
  );
});
