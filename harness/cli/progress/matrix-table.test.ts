import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@playwright/test';
import type { RowVerdict } from '../../judge/verdict/row-verdict.js';
import type { VerdictKind } from '../../judge/verdict/verdict-kinds.js';
import type { CellRecord, RegisterRecord } from '../../record/cell-record.js';
import { record, row } from '../../record/record.fixture.js';
import type { TableColumn } from './matrix-table.js';
import { matrixTable } from './matrix-table.js';

const verdict = (kind: VerdictKind): RowVerdict => ({
  ...{ kind, issues: [] },
  aspects: { 'round-trip': kind, guest: kind, isolation: kind, migration: kind },
});

/** A column of rows with the kind of each. */
function column(
  cell: Partial<CellRecord['cell']>,
  rows: Readonly<Record<string, readonly [RegisterRecord, VerdictKind]>>,
): TableColumn {
  const entries = Object.entries(rows);
  return {
    record: record(cell, Object.fromEntries(entries.map(([name, [answer]]) => [name, answer]))),
    verdicts: new Map(entries.map(([name, [, kind]]) => [name, verdict(kind)])),
  };
}

const plain = (columns: readonly TableColumn[], width?: number): string =>
  `\n${stripVTControlCharacters(matrixTable(columns, width))}\n`;

const older = column(
  { kernel: 'debian-6.1', platform: 'powernv9' },
  {
    DABR: [row('exact'), 'works'],
    DSCR: [row('masked'), 'design'],
    CIABR: [row('absent', { errno: 'ENXIO' }), 'absent'],
    VTB: [row('lost', { group: 'time' }), 'kernel'],
    PURR: [row('volatile', { group: 'time' }), 'design'],
    PMC1: [row('absent', { group: 'pmu' }), 'absent'],
  },
);
const newer = column(
  { kernel: 'debian-6.12', platform: 'pseries-p9-nested' },
  {
    DABR: [row('exact'), 'kernel'],
    DSCR: [row('masked'), 'design'],
    CIABR: [row('restricted'), 'design'],
    VTB: [row('lost', { group: 'time' }), 'kernel'],
    PURR: [row('volatile', { group: 'time' }), 'design'],
    PMC1: [row('absent', { group: 'pmu' }), 'absent'],
  },
);

test('registers have rows where the columns differ, each answer with the sign of its verdict', () => {
  expect(plain([older, newer])).toBe(`
┌───────────┬────────────────┬───────────────────┐
│ register  │ debian-6.1     │ debian-6.12       │
│           │ powernv9       │ pseries-p9-nested │
├───────────┼────────────────┼───────────────────┤
│ debug (3) │ 1D 1✓ 1–       │ 1K 2D             │
│   DABR    │ ✓ exact        │ K exact           │
│   CIABR   │ – absent ENXIO │ D restricted      │
│ all (6)   │ 1K 2D 1✓ 2–    │ 2K 3D 1–          │
└───────────┴────────────────┴───────────────────┘
K kernel bug, D by design, ✓ works, – absent
`);
});

test('columns that do not fit follow in blocks of their own, each with the labels', () => {
  const text = plain([older, newer, older], 52);
  expect(text.match(/┌/g)).toHaveLength(2);
  expect(text.match(/register/g)).toHaveLength(2);
  const widths = text.split('\n').map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(52);
  expect(plain([older, newer, older], 20).match(/┌/g)).toHaveLength(3);
});

test('one cell has its groups counted, and rows for what its kernel has wrong', () => {
  const only = column(
    {},
    {
      ...{ DABR: [row('absent'), 'absent'], DSCR: [row('get-only'), 'design'] },
      ...{ LPCR: [row('lost'), 'kernel'], PMC1: [row('exact', { group: 'pmu' }), 'works'] },
    },
  );
  expect(plain([only])).toBe(`
┌───────────┬─────────────┐
│ register  │ debian-6.1  │
│           │ powernv9    │
├───────────┼─────────────┤
│ debug (3) │ 1K 1D 1–    │
│   LPCR    │ K lost      │
│ pmu (1)   │ 1✓          │
│ all (4)   │ 1K 1D 1✓ 1– │
└───────────┴─────────────┘
K kernel bug, D by design, ✓ works, – absent
`);
});

test('of a run that asked for some registers, those alone have rows', () => {
  const some = column(
    {},
    {
      ...{ DABR: [row('untested'), 'untested'], DSCR: [row('exact'), 'works'] },
      PMC1: [row('untested', { group: 'pmu' }), 'untested'],
    },
  );
  expect(plain([some])).toBe(`
┌───────────┬────────────┐
│ register  │ debian-6.1 │
│           │ powernv9   │
├───────────┼────────────┤
│ debug (1) │ 1✓         │
│   DSCR    │ ✓ exact    │
│ all (1)   │ 1✓         │
└───────────┴────────────┘
✓ works
`);
});
