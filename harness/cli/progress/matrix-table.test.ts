import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@playwright/test';
import { record, row } from '../../record/record.fixture.js';
import { matrixTable } from './matrix-table.js';

const plain = (...records: Parameters<typeof matrixTable>[0]): string =>
  stripVTControlCharacters(matrixTable(records));

test('registers are counted by group, and told where cells differ or a put goes wrong', () => {
  const older = record(
    { kernel: 'debian-6.1', platform: 'powernv9' },
    {
      DABR: row('exact'),
      DSCR: row('masked'),
      CIABR: row('absent', { errno: 'ENXIO' }),
      VTB: row('lost', { group: 'time' }),
      PURR: row('volatile', { group: 'time' }),
      PMC1: row('absent', { group: 'pmu' }),
    },
  );
  const newer = record(
    { kernel: 'debian-6.12', platform: 'pseries-p9-nested' },
    {
      DABR: row('exact'),
      DSCR: row('masked'),
      CIABR: row('restricted'),
      VTB: row('lost', { group: 'time' }),
      PURR: row('aliased', { group: 'time' }),
      PMC1: row('absent', { group: 'pmu' }),
    },
  );
  expect(`\n${plain(older, newer)}\n`).toBe(`
┌───────────┬──────────────┬───────────────────┐
│ register  │ debian-6.1   │ debian-6.12       │
│           │ powernv9     │ pseries-p9-nested │
├───────────┼──────────────┼───────────────────┤
│ debug (3) │ 1 exact      │ 1 exact           │
│           │ 1 masked     │ 1 masked          │
│           │ 1 absent     │ 1 restricted      │
│   CIABR   │ absent ENXIO │ restricted        │
│ time (2)  │ 1 volatile   │ 1 lost            │
│           │ 1 lost       │ 1 aliased         │
│   VTB     │ lost         │ lost              │
│   PURR    │ volatile     │ aliased           │
│ pmu (1)   │ 1 absent     │ 1 absent          │
└───────────┴──────────────┴───────────────────┘
`);
});

test('one cell has one column, and no register of its own row but the lost and the aliased', () => {
  const only = record({}, { DABR: row('absent'), DSCR: row('get-only'), LPCR: row('lost') });
  expect(`\n${plain(only)}\n`).toBe(`
┌───────────┬────────────┐
│ register  │ debian-6.1 │
│           │ powernv9   │
├───────────┼────────────┤
│ debug (3) │ 1 get-only │
│           │ 1 lost     │
│           │ 1 absent   │
│   LPCR    │ lost       │
└───────────┴────────────┘
`);
});

test('of a run that asked for some registers, those alone have rows', () => {
  const some = {
    DABR: row('untested'),
    DSCR: row('exact'),
    PMC1: row('untested', { group: 'pmu' }),
  };
  expect(`\n${plain(record({}, some))}\n`).toBe(`
┌───────────┬────────────┐
│ register  │ debian-6.1 │
│           │ powernv9   │
├───────────┼────────────┤
│ debug (1) │ 1 exact    │
│   DSCR    │ exact      │
└───────────┴────────────┘
`);
});
