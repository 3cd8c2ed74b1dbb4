import { expect, test } from '@playwright/test';
import { registerTable } from '../sync/register-table.js';
import { manyfoldTable } from './manyfold-table.js';

test('ten times the table has names and places of its own, of the same registers', () => {
  const table = registerTable();
  const large = manyfoldTable(table, 10);
  expect(large).toHaveLength(table.length * 10);
  expect(new Set(large.map(({ name }) => name)).size).toBe(large.length);
  expect(large.map(({ index }) => index)).toEqual(large.map((_, place) => place));
  expect(large.slice(0, table.length).map(({ name }) => name)).toEqual(
    table.map(({ name }) => name),
  );
});

test('a copy overlaps every other copy of its register, and those of what the register overlaps', () => {
  const names = ['FPR0', 'VSR0'] as const;
  const pair = registerTable().filter(({ name }) => (names as readonly string[]).includes(name));
  const copy = manyfoldTable(pair, 2).find(({ name }) => name === 'FPR0~1');
  expect(copy?.overlaps).toEqual(['FPR0', 'VSR0', 'VSR0~1']);
});
