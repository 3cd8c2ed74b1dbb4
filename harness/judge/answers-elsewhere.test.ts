import { expect, test } from '@playwright/test';
import { answersElsewhere } from './answers-elsewhere.js';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { record, row } from '../record/record.fixture.js';

const cell = (kernel: string, platform: string, answer: RegisterRecord): CellRecord =>
  record({ kernel, platform }, { LPCR: answer });

test('other cells are reported by their answer, kernels with the same platforms together', () => {
  const exact = row('exact');
  const mine = cell('7.2', 'powernv9', exact);
  const others = [
    mine,
    cell('5.10', 'powernv9', row('absent')),
    cell('5.10', 'powernv8', row('absent')),
    cell('6.1', 'powernv9', row('absent')),
    cell('6.1', 'powernv8', row('absent')),
    cell('7.3', 'powernv9', exact),
    cell('6.12', 'powernv9', row('untested')),
  ];
  const [same, absent, ...rest] = answersElsewhere(mine, 'LPCR', others);
  expect(same).toEqual({
    answer: 'the same',
    cells: [{ kernels: ['7.3'], platforms: ['powernv9'] }],
  });
  expect(absent?.answer).toMatch(/^absent, get EINVAL, put EINVAL/);
  expect(absent?.cells).toEqual([
    { kernels: ['5.10', '6.1'], platforms: ['powernv9', 'powernv8'] },
  ]);
  expect(rest).toEqual([]);
});
