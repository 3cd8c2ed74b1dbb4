import { expect, test } from '@playwright/test';
import { median, medianOfEach } from './statistics.js';

test('the median is the value in the middle, or between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([1, 9, 5, 6])).toBe(5.5);
});

test('no runs have no median', () => {
  expect(() => median([])).toThrow('no runs to take a median of');
});

test('rows have a median for each field of the first, where a field that a row lacks is 0', () => {
  const rows = [
    { boot: 10, guest: 4 },
    { boot: 30, guest: 6 },
    { boot: 20, extra: 1 },
  ];
  expect(medianOfEach<'boot' | 'guest'>(rows)).toEqual({ boot: 20, guest: 4 });
});
