import { expect, test } from '@playwright/test';
import { feedOf } from '../testing/feeds.js';
import type { Filters } from './filters.js';
import { isFiltered, NO_FILTERS, visibleColumns, visibleRows } from './filters.js';
import { buildMatrix } from './matrix.js';

const matrix = buildMatrix(feedOf());

/** The names of the rows and of the columns that filters leave. */
function shown(changes: Partial<Filters>): { rows: string[]; columns: string[] } {
  const filters = { ...NO_FILTERS, ...changes };
  const columns = visibleColumns(matrix, filters);
  const rows = visibleRows(matrix, columns, filters);
  return {
    rows: rows.map(({ register }) => register.name),
    columns: columns.map(({ name }) => name),
  };
}

test('without filters everything is shown', () => {
  const { rows, columns } = shown({});
  expect([rows.length, columns.length]).toEqual([15, 5]);
  expect(isFiltered(NO_FILTERS)).toBe(false);
});

const TEXTS: readonly [text: string, rows: readonly string[]][] = [
  ['mmcr', ['MMCR0', 'MMCR3']],
  ['MMCR?', ['MMCR0', 'MMCR3']],
  ['*CR', ['LPCR', 'DEXCR']],
  ['318', ['LPCR']],
  ['0x13e', ['LPCR']],
  ['0x10300000000000c9', ['DEXCR']],
  ['lpcr, dexcr', ['LPCR', 'DEXCR']],
  ['31', []],
  ['(', []],
];
for (const [text, rows] of TEXTS) {
  test(`the text "${text}" finds ${rows.length === 0 ? 'nothing' : rows.join(', ')}`, () => {
    expect(shown({ text }).rows).toEqual(rows);
  });
}

test('a group, a platform, a range of kernels and a support value each leave their own', () => {
  expect(shown({ groups: ['pmu', 'thread'] }).rows).toEqual(['MMCR0', 'MMCR3', 'DEXCR']);
  expect(shown({ platforms: ['powernv8'] }).columns).toEqual([
    'debian-6.1/powernv8',
    'debian-6.12/powernv8',
  ]);
  expect(shown({ from: 'debian-6.12', to: 'debian-6.12' }).columns).toEqual([
    'debian-6.12/powernv8',
    'debian-6.12/powernv9',
  ]);
  expect(shown({ supports: ['lost', 'absent'] }).rows).toEqual(['MMCR3', 'DEXCR']);
});

test('a support value counts in the columns shown alone', () => {
  expect(shown({ supports: ['lost'], from: 'debian-6.12' }).rows).toEqual([]);
});

test('rows that differ do so between the columns shown', () => {
  expect(shown({ differ: true }).rows).toEqual(['LPCR', 'MMCR3', 'DEXCR']);
  expect(shown({ differ: true, platforms: ['powernv8'] }).rows).toEqual(['MMCR3', 'DEXCR']);
  expect(shown({ differ: true, from: 'debian-6.12' }).rows).toEqual([]);
});

test('what changed since a kernel is compared on the same platform, and older kernels go', () => {
  expect(shown({ since: 'debian-6.1' })).toEqual({
    rows: ['LPCR', 'MMCR3', 'DEXCR'],
    columns: [
      'debian-6.1/powernv8',
      'debian-6.1/powernv9',
      'debian-6.12/powernv8',
      'debian-6.12/powernv9',
      'debian-7.2/powernv9',
    ],
  });
  // powernv8 has the same LPCR under both kernels.
  expect(shown({ since: 'debian-6.1', platforms: ['powernv8'] }).rows).toEqual(['MMCR3', 'DEXCR']);
  expect(shown({ since: 'debian-6.12' }).rows).toEqual([]);
  expect(shown({ since: 'debian-7.2' }).columns).toEqual(['debian-7.2/powernv9']);
});

test('known issues are those of the columns shown', () => {
  expect(shown({ issues: true }).rows).toEqual(['MMCR3']);
  expect(shown({ issues: true, from: 'debian-6.12' }).rows).toEqual([]);
});

test('filters combine: a row meets all of them', () => {
  expect(shown({ differ: true, groups: ['pmu', 'hypervisor'], text: 'lpcr' }).rows).toEqual([
    'LPCR',
  ]);
});
