import { expect, test } from '@playwright/test';
import { RemainingTime } from './remaining-time.js';

const expected = new Map([
  ['a', 4000],
  ['b', 4000],
  ['c', 2000],
  ['d', 2000],
]);

test('before a cell has ended, recorded times are believed', () => {
  const remaining = new RemainingTime(expected, 2);
  expect(remaining.leftMs(0)).toBe(6000);
  remaining.started('a', 0);
  remaining.started('b', 0);
  expect(remaining.leftMs(1000)).toBe(5000);
});

test('on a machine that is half as fast the rest takes twice as long', () => {
  const remaining = new RemainingTime(expected, 2);
  remaining.started('a', 0);
  remaining.started('b', 0);
  remaining.ended('a', 8000);
  remaining.ended('b', 8000);
  expect(remaining.leftMs(8000)).toBe(4000);
});

test('a cell that takes longer than expected holds up nothing but itself', () => {
  const remaining = new RemainingTime(new Map([['a', 1000]]), 1);
  remaining.started('a', 0);
  expect(remaining.leftMs(5000)).toBe(0);
  remaining.ended('a', 6000);
  expect(remaining.leftMs(6000)).toBe(0);
});

test('a cell that was skipped is not waited for', () => {
  const remaining = new RemainingTime(expected, 1);
  remaining.ended('skipped', 0);
  expect(remaining.leftMs(0)).toBe(12_000);
});
