import { expect, test } from '@playwright/test';
import { library } from './library.js';
import {
  findRegister,
  findRegisterById,
  registerNamed,
  registerTable,
  sizeOfId,
} from './register-table.js';
import type { Register } from './register-table.js';

const KVM_REG_PPC = 0x1000000000000000n;
const KVM_REG_SIZE_U32 = 2n << 52n;
const KVM_REG_SIZE_U64 = 3n << 52n;
const KVM_REG_SIZE_U128 = 4n << 52n;

test('the table has 310 registers, each name and each id once', () => {
  const rows = registerTable();
  expect(rows).toHaveLength(310);
  expect(new Set(rows.map(({ name }) => name)).size).toBe(310);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(310);
  expect(rows.map(({ index }) => index)).toEqual([...rows.keys()]);
});

test('every row is complete', () => {
  const isComplete = (row: Register): boolean =>
    /^[A-Z][A-Z0-9_]*$/.test(row.name) &&
    /^[a-z]+$/.test(row.group) &&
    row.flavours.length > 0 &&
    row.id >> 56n === 0x10n &&
    [4, 8, 16].includes(row.sizeBytes) &&
    (row.spr === undefined || row.spr < 1024);
  expect(registerTable().filter((row) => !isComplete(row))).toEqual([]);
});

test('rows read as asm/kvm.h and the Power ISA write them', () => {
  expect(findRegister('LPCR')).toMatchObject({
    id: KVM_REG_PPC | KVM_REG_SIZE_U32 | 0xb5n,
    spr: 318,
    sizeBytes: 4,
    overlaps: ['LPCR_64'],
  });
  expect(findRegister('VSR31')).toMatchObject({
    id: KVM_REG_PPC | KVM_REG_SIZE_U128 | 0x7fn,
    spr: undefined,
    sizeBytes: 16,
    flavours: ['HV', 'PR'],
    overlaps: ['FPR31'],
  });
  expect(findRegister('TM_GPR9')).toMatchObject({
    id: KVM_REG_PPC | KVM_REG_SIZE_U64 | 0x80000009n,
    group: 'tm',
  });
  expect(findRegister('HASHPKEYR')).toMatchObject({
    id: KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xc8n,
    spr: 469,
  });
  expect(findRegister('TSR')).toMatchObject({
    flavours: ['BookE'],
    level: 'reset',
    overlaps: ['OR_TSR', 'CLEAR_TSR'],
  });
});

test('HIOR waits for a reset, clocks and shared state for a full put', () => {
  const namesAt = (level: string): string[] =>
    registerTable()
      .filter((row) => row.level === level)
      .map(({ name }) => name);
  expect(namesAt('reset')).toContain('HIOR');
  expect(namesAt('full')).toEqual(expect.arrayContaining(['TB_OFFSET', 'DEC_EXPIRY', 'PTCR']));
  expect(namesAt('runtime')).toEqual(expect.arrayContaining(['DAR', 'MMCR0', 'FPR0', 'LPCR']));
});

test('a row says which directions KVM has, and which are two words', () => {
  const named = (isOne: (row: Register) => boolean): string[] =>
    registerTable()
      .filter(isOne)
      .map(({ name }) => name);
  expect(named(({ directions }) => directions.length === 1)).toEqual([
    ...['OR_TSR', 'CLEAR_TSR', 'DEBUG_INST'],
  ]);
  expect(findRegister('DEBUG_INST')?.directions).toEqual(['get']);
  expect(named(({ isWords }) => isWords)).toEqual(['VPA_SLB', 'VPA_DTL', 'VP_STATE']);
});

test('overlapping registers name each other', () => {
  for (const row of registerTable()) {
    for (const name of row.overlaps) expect(registerNamed(name).overlaps).toContain(row.name);
  }
});

test('one index with two sizes is two registers', () => {
  expect(findRegisterById(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0x8cn)?.name).toBe('ICP_STATE');
  expect(findRegisterById(KVM_REG_PPC | KVM_REG_SIZE_U32 | 0x8cn)?.name).toBe('MAS0');
  expect(findRegisterById(KVM_REG_PPC | KVM_REG_SIZE_U128 | 0x8cn)).toBeUndefined();
});

test('a name that is not there is an error with the nearest names', () => {
  expect(findRegister('LPCR_46')).toBeUndefined();
  expect(() => registerNamed('LPCR_46')).toThrow(
    /no register matches "LPCR_46" \(nearest first: LPCR/,
  );
});

test('the width in an id is the one that the library sees', () => {
  for (let exponent = 0n; exponent < 16n; exponent += 1n) {
    const id = KVM_REG_PPC | (exponent << 52n) | 1n;
    expect(sizeOfId(id)).toBe(2 ** Number(exponent));
    const isHandled = [2n, 3n, 4n].includes(exponent);
    expect(library().idSize(id)).toBe(isHandled ? sizeOfId(id) : 0);
  }
});
