import { expect, test } from '@playwright/test';
import { paceOf } from './pace.js';

const sample = (expectedMs: number, pace: number): { expectedMs: number; tookMs: number } => ({
  expectedMs,
  tookMs: pace * expectedMs,
});

test('before any cell has ended, the recorded pace holds', () => {
  expect(paceOf([])(3000)).toBe(1);
});

test('one pace of all cells is that of the rest', () => {
  const pace = paceOf([sample(8000, 0.6), sample(5000, 0.6), sample(3000, 0.6)]);
  expect(pace(1000)).toBeCloseTo(0.6);
});

test('a trend over the lengths of cells goes on for shorter ones, within limits', () => {
  const ended = [8000, 7000, 6000, 5000, 4000].map((ms) => sample(ms, 1 - ms / 20_000));
  const pace = paceOf(ended);
  expect(pace(3000)).toBeGreaterThan(0.8);
  expect(pace(3000)).toBeLessThan(0.9);
  expect(paceOf(ended)(-50_000)).toBeCloseTo(1.6 * paceOf(ended)(6200), 1);
});

test('noise is no trend', () => {
  const ended = [8000, 7000, 6000, 5000, 4000].map((ms, index) => sample(ms, index % 2 ? 0.8 : 1));
  expect(paceOf(ended)(1000)).toBe(paceOf(ended)(8000));
});

test('a cell that hung does not make the others slow', () => {
  const ended = [8000, 8000, 8000, 8000].map((ms, index) => sample(ms, index === 2 ? 50 : 1));
  expect(paceOf(ended)(8000)).toBeLessThan(1.6);
});
