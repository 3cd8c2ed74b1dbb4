import { expect, test } from '@playwright/test';
import { registerTable } from '../sync/register-table.js';
import { SPRS } from './sprs.js';
import { spelledRegisters, spelledSpr } from './spelled-register.js';

const names = (word: string): readonly string[] | undefined =>
  spelledRegisters(word)?.map(({ name }) => name);

for (const [word, expected] of [
  ['KVM_REG_PPC_SDAR', ['SDAR']],
  ['0x1030000000000016', ['SDAR']],
  ['SPRN_LPCR', ['LPCR']],
  ['318', ['LPCR', 'LPCR_64']],
  ['0x13e', ['LPCR', 'LPCR_64']],
  ['DAWR0', ['DAWR']],
  ['SPR_DAWRX0', ['DAWRX']],
  ['spr_power_mmcrs', ['MMCRS']],
  ['SPR_BOOKS_PID', ['PID']],
  ['vs31', ['VSR31']],
  ['vs63', ['VR31']],
  ['0x33c', ['DEXCR']],
  ['f0', ['FPR0']],
  ['fscr', ['FSCR']],
] as const) {
  test(`${word} is ${expected.join(' and ')}`, () => {
    expect(names(word)).toEqual(expected);
  });
}

test('every name of the table is found as it is, as asm/kvm.h writes it, and by its id', () => {
  for (const { name, id } of registerTable()) {
    expect(names(name), name).toEqual([name]);
    expect(names(`KVM_REG_PPC_${name}`), name).toEqual([name]);
    expect(names(`0x${id.toString(16)}`), name).toEqual([name]);
  }
});

test('an SPR without a row is found by its number and by its name', () => {
  expect(spelledRegisters('152')).toBeUndefined();
  expect(spelledSpr('152')).toBe(152);
  expect(spelledSpr('SPRN_CTRLW')).toBe(152);
  expect(spelledSpr('0x98')).toBe(152);
  expect(spelledSpr('dec')).toBe(22);
  expect(spelledSpr('1024')).toBeUndefined();
  expect(spelledSpr('no such SPR')).toBeUndefined();
});

test('no SPR of the second table has a row in the first', () => {
  const rows = new Set(registerTable().map(({ spr }) => spr));
  expect([...SPRS.keys()].filter((number) => rows.has(number))).toEqual([]);
});
