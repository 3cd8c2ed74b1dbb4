import { expect, test } from '@playwright/test';
import { registerTable } from '../sync/register-table.js';
import type { BitState } from './bit-strip.js';
import type { RegisterFact } from './register-facts.js';
import { readRegisterFacts } from './register-facts.js';
import {
  accessFaults,
  bitFieldText,
  fieldFaults,
  fieldsByState,
  fieldsOf,
} from './register-fields.js';

const factWith = (entries: Partial<RegisterFact>): RegisterFact => ({
  name: 'ANY',
  what: 'any',
  origin: 'any',
  since: { in: '3.10' },
  guest: { by: 'nothing', why: 'any' },
  byDesign: [],
  ...entries,
});

test('fields are reported by what their bits do', () => {
  const states = Array.from('ww00xxxx', (letter): BitState => {
    if (letter === 'w') return 'writable';
    return letter === '0' ? 'stuck-0' : 'refused';
  });
  const facts = new Map([['ANY', factWith({ fields: 'HIGH 7-6, MIXED 5-3, LOW 0' })]]);
  const told = [...fieldsByState(fieldsOf(facts, 'ANY', 8), states)].map(
    ([state, fields]) => `${state}: ${fields.map(bitFieldText).join(', ')}`,
  );
  expect(told).toEqual([
    'writable: HIGH 7-6',
    '5-4 stuck at 0, 3 refused: MIXED 5-3',
    'refused: LOW 0',
  ]);
});

test('a narrower register has those of another’s fields that fit', async () => {
  const facts = await readRegisterFacts();
  const names = (register: string, sizeBits: number): string[] =>
    fieldsOf(facts, register, sizeBits).map(({ name }) => name);
  expect(names('LPCR_64', 64)[0]).toBe('VPM0');
  expect(names('LPCR', 32)[0]).toBe('HAIL');
  expect(names('DAR', 64)).toEqual([]);
});

test('fields that overlap, leave the register or are of no register are faults', async () => {
  const facts = new Map([
    ['WIDE', factWith({ fields: 'A 64' })],
    ['BOTH', factWith({ fields: 'A 7-4, B 4-3' })],
    ['TURNED', factWith({ fields: 'A 3-7' })],
    ['OTHER', factWith({ fieldsOf: 'NONE' })],
  ]);
  const sizes = new Map([...facts.keys()].map((name) => [name, 64] as const));
  expect(fieldFaults(facts, sizes)).toEqual([
    'WIDE: field A (64-64) is not below bit 64',
    'BOTH: field B (4-3) is not below bit 4',
    'TURNED: field A (3-7) is not below bit 64',
    'OTHER: fieldsOf names NONE, which has no fields',
  ]);
  const real = new Map(registerTable().map(({ name, sizeBytes }) => [name, sizeBytes * 8]));
  expect(fieldFaults(await readRegisterFacts(), real)).toEqual([]);
});

test('an access that would be compared with nothing is a fault', async () => {
  const ones = '0xffffffffffffffff';
  const facts = new Map([
    ['MOVES', factWith({ guest: { by: 'spr', moves: ones } })],
    [
      'HALF',
      factWith({ fields: 'A 7-4, B 3-0', guest: { by: 'spr', moves: '0x0000000000000030' } }),
    ],
    ['ALL', factWith({ fields: 'A 7-4', guest: { by: 'spr', moves: '0x00000000000000f0' } })],
    [
      'FIELD',
      factWith({ fields: 'A 7-4, B 3-0', guest: { by: 'spr', moves: '0x00000000000000f0' } }),
    ],
    ['COUNTS', factWith({ guest: { by: 'spr', counts: true } })],
    ['FIXED', factWith({ guest: { by: 'spr', clear: ones } })],
  ]);
  const sizes = new Map([...facts.keys()].map((name) => [name, 64] as const));
  expect(accessFaults(facts, sizes)).toEqual([
    ...['MOVES', 'HALF', 'ALL'].map(
      (name) => `${name}: guest.moves: it must be some of its fields`,
    ),
    'COUNTS: guest.counts: a guest may only read what counts',
    'FIXED: guest.set and guest.clear leave one value alone',
  ]);
  const real = new Map(registerTable().map(({ name, sizeBytes }) => [name, sizeBytes * 8]));
  expect(accessFaults(await readRegisterFacts(), real)).toEqual([]);
});
