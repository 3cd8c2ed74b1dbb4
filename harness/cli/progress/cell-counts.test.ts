import { expect, test } from '@playwright/test';
import { CellCounts, durationText } from './cell-counts.js';
import { RemainingTime } from '../../cell/time/remaining-time.js';

test('cells are done, running or left, and the rest takes its time', () => {
  const expected = new Map(['a', 'b', 'c', 'd'].map((cell) => [cell, 2000]));
  const counts = new CellCounts(4, new RemainingTime(expected, 2));
  expect(counts.text(0)).toBe('0 of 4 cells done, 0 running, 4 left, about 4 s to go');
  counts.started('a', 0);
  counts.started('b', 0);
  expect(counts.text(1000)).toBe('0 of 4 cells done, 2 running, 2 left, about 3 s to go');
  counts.ended('a', 2000, true);
  counts.started('c', 2000);
  expect(counts.text(2000)).toBe('1 of 4 cells done, 2 running, 1 left, about 2 s to go');
  expect(counts.text(9000)).toBe('1 of 4 cells done, 2 running, 1 left, about 2 s to go');
  for (const cell of ['b', 'c', 'd']) counts.ended(cell, 4000, true);
  expect(counts.areAllDone()).toBe(true);
  expect(counts.text(4000)).toBe('4 of 4 cells done');
});

test('a cell that takes longer than estimated has no time to go', () => {
  const counts = new CellCounts(1, new RemainingTime(new Map([['a', 2000]]), 1));
  counts.started('a', 0);
  expect(counts.text(9000)).toBe('0 of 1 cell done, 1 running, 0 left, longer than estimated');
});

test('no time is estimated for cells that were never timed', () => {
  for (const remaining of [undefined, new RemainingTime(new Map(), 2)]) {
    const counts = new CellCounts(2, remaining);
    counts.started('a', 0);
    expect(counts.text(0)).toBe('0 of 2 cells done, 1 running, 1 left');
  }
});

test('long times are reported in minutes', () => {
  expect([0, 1, 119_001, 120_001].map(durationText)).toEqual(['0 s', '1 s', '120 s', '2 min 1 s']);
});
