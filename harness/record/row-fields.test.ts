import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { changedFields } from './compare-rows.js';
import { row } from './record.fixture.js';
import { ROW_FIELD_NAMES, ROW_FIELDS, shownLines, TABLE_FIELDS, unaskedRow } from './row-fields.js';

interface RowSchema {
  readonly required: readonly string[];
  readonly properties: object;
}

function rowSchema(): RowSchema {
  const text = readFileSync(repositoryPath('matrix', 'schema', 'record.schema.json'), 'utf8');
  return (JSON.parse(text) as { definitions: { register: RowSchema } }).definitions.register;
}

test('a file has the fields of a row in the order of the schema', () => {
  expect(ROW_FIELD_NAMES).toEqual(Object.keys(rowSchema().properties));
});

test('what registers.def says of a register is in every row', () => {
  const fromTable = ROW_FIELD_NAMES.filter((field) => ROW_FIELDS[field].from === 'registers.def');
  expect(fromTable).toEqual([...TABLE_FIELDS]);
});

test('a row that was not asked has every field that the schema requires, and no other', () => {
  const asked = row('restricted', { note: 'it was', aliases: ['DSCR'] });
  const unasked = unaskedRow(asked);
  expect(Object.keys(unasked)).toEqual(rowSchema().required);
  expect(unasked).toEqual(row('untested'));
});

test('every field of an answer is shown, but for what the head of it says', () => {
  const agrees = { answer: 'agrees' } as const;
  const full = row('aliased', {
    refused: [{ errno: 'EPERM', value: '0x1', bits: '0x3' }],
    ...{ aliases: ['DSCR', 'DABR'], victims: ['LPCR'], note: 'only on Mondays' },
    ...{ guest: { read: agrees, write: { answer: 'traps', vector: '0x700' } } },
    migrates: { answer: 'kept', guest: agrees },
  });
  const lines = ROW_FIELD_NAMES.flatMap((field) => shownLines(full, field));
  expect(lines.map(({ label, text }) => `${label}: ${text}`)).toEqual([
    'get: ok',
    'put back: ok',
    'fresh: 0x0000000000000000',
    'writable: 0xffffffffffffffff',
    'refused: 0x1 with EPERM; single bits 0x3',
    'answers as: DSCR, DABR',
    'changes: LPCR when it is put',
    'guest: reads it: agrees',
    'guest: writes it: traps to 0x700',
    'migrates: kept, the guest agrees',
    'note: only on Mondays',
  ]);
});

test('a note is not compared, and what only one of two records can say is not either', () => {
  const migrates = { answer: 'kept' } as const;
  expect(changedFields(row('exact'), row('exact', { note: 'x', migrates }))).toEqual([]);
  expect(changedFields(row('exact'), row('exact', { victims: ['LPCR'] }))).toEqual([
    { field: 'victims', a: 'none', b: 'LPCR' },
  ]);
});
