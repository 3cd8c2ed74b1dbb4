import { expect, test } from '@playwright/test';
import { FIGURE_SOURCES, selectFigures } from './figure-sources.js';

const NONE = { kernel: [], platform: [], cell: [], register: [] };
const ids = (options: Partial<Parameters<typeof selectFigures>[0]>): string[] =>
  selectFigures({ only: [], all: false, selectors: NONE, ...options }).map(({ id }) => id);

test('without a choice, what takes minutes is left out', () => {
  expect(ids({})).toEqual([
    ...['cold', 'warm', 'one-register', 'time-line', 'start', 'watch', 'registers'],
  ]);
});

test('everything but the longest is measured when that is asked for, and what is named', () => {
  const all = FIGURE_SOURCES.map(({ id }) => id);
  expect(ids({ all: true })).toEqual(all.filter((id) => id !== 'npm-test-all'));
  expect(ids({ only: ['npm-test-all'] })).toEqual(['npm-test-all']);
  expect(ids({ only: ['by-hand', 'start'] })).toEqual(['start', 'by-hand']);
});

test('cells that are chosen are measured cold', () => {
  expect(ids({ selectors: { ...NONE, kernel: ['6.12'] } })).toEqual(['cold']);
});

test('an unknown figure is reported with what there is', () => {
  expect(() => ids({ only: ['wram'] })).toThrow(
    'no figure matches "wram" (nearest first: warm, cold, start, watch, matrix, and 10 more)',
  );
});
