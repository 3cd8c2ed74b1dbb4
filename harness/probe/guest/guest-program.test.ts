import { expect, test } from '@playwright/test';
import { registerNamed } from '../../sync/register-table.js';
import { guestProgram, slotArea, stepOfSlot } from './guest-program.js';
import type { GuestStep } from './guest-step.js';
import * as code from './instructions.js';

const STEPS: readonly GuestStep[] = ['DSCR', 'TAR'].map((name) => ({
  register: registerNamed(name),
  access: { by: 'spr' },
  direction: 'read',
  value: 0n,
}));

/** The words of the piece of a program at an address. */
function wordsAt(address: bigint, exit: 'hypercall' | 'mmio' = 'hypercall'): number[] {
  const { pieces } = guestProgram(STEPS, 'little', exit);
  const bytes = pieces.find((piece) => piece.address === address)?.bytes ?? Buffer.alloc(0);
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
}

test('every vector names itself and branches to the code that notes it', () => {
  const page = wordsAt(0n);
  for (const vector of [0x100, 0x700, 0xe40, 0xf80]) {
    expect(page[vector / 4]).toBe(code.li(20, vector));
    expect(page[vector / 4 + 1]).toBe(code.b(0x1000 - vector - 4));
  }
  expect(page[0x1000 / 4]).toBe(code.std(20, 32, 22));
});

test('a step that traps goes on where the next one begins', () => {
  const words = wordsAt(0x1_0000n);
  const starts = [...words.keys()].filter((at) => words[at] === code.lis(22, 0x10));
  expect(starts).toHaveLength(2);
  const [first = 0, second = 0] = starts;
  const next = 0x1_0000 + second * 4;
  expect(words.slice(first + 2, first + 4)).toEqual([
    code.lis(21, next >>> 16),
    code.ori(21, 21, next & 0xffff),
  ]);
});

test('the guest begins by switching on what the accesses need, and leaves once', () => {
  expect(wordsAt(0x1_0000n).slice(0, 8)).toEqual([
    code.lis(21, 1),
    code.ori(21, 21, 5 * 4),
    code.mtspr(26, 21),
    code.mtspr(27, 23),
    code.rfid(),
    ...[code.li(3, 0x4240), code.sc(1)],
    code.lis(22, 0x10),
  ]);
});

test('the guest ends with a hypercall under HV and a store to no memory under PR', () => {
  expect(wordsAt(0x1_0000n).slice(-3)).toEqual([code.li(3, 0x4240), code.sc(1), code.b(0)]);
  expect(wordsAt(0x1_0000n, 'mmio').slice(-4)).toEqual([
    code.lis(6, 0x1000),
    code.ori(6, 6, 0),
    code.stw(3, 0, 6),
    code.b(0),
  ]);
});

test('a big-endian guest has its instructions in big endian', () => {
  const { pieces } = guestProgram(STEPS, 'big', 'hypercall');
  expect(pieces[1]?.bytes.readUInt32BE()).toBe(code.lis(21, 1));
});

test('a slot tells which step it is of', () => {
  const { address, size } = slotArea(3);
  expect(size).toBe(3 * 48);
  expect(stepOfSlot(address + 48n)).toBe(1);
});
