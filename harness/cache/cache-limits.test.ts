import { expect, test } from '@playwright/test';
import { ageText, parseAge, parseSize, sizeText } from './cache-limits.js';

const DAY_MS = 24 * 60 * 60 * 1000;

for (const [text, age] of [
  ['12h', DAY_MS / 2],
  ['30d', 30 * DAY_MS],
  ['1.5 d', 1.5 * DAY_MS],
  ['2w', 14 * DAY_MS],
  ['0', 0],
] as const) {
  test(`"${text}" is an age`, () => {
    expect(parseAge(text)).toBe(age);
  });
}

for (const text of ['', '30', '30 days ago', '1M', '-1d', 'd']) {
  test(`"${text}" is no age`, () => {
    expect(() => parseAge(text)).toThrow(`"${text}" is no age such as 12h, 30d or 1y.`);
  });
}

for (const [text, size] of [
  ['500M', 500e6],
  ['20G', 20e9],
  ['20 gb', 20e9],
  ['20GiB', 20 * 2 ** 30],
  ['20Gi', 20 * 2 ** 30],
  ['1.5T', 1.5e12],
  ['0', 0],
] as const) {
  test(`"${text}" is a size`, () => {
    expect(parseSize(text)).toBe(size);
  });
}

for (const text of ['', '20', '20Q', '-1G', 'G', '1e9']) {
  test(`"${text}" is no size`, () => {
    expect(() => parseSize(text)).toThrow(`"${text}" is no size such as 500M, 20G or 20GiB.`);
  });
}

test('sizes are reported in the largest unit, with one digit behind the point but for bytes', () => {
  expect([0, 999, 36_900, 3_712_345_678].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '36.9 kB',
    '3.7 GB',
  ]);
});

test('ages are reported in the largest unit; what is of this second, or of the future, is now', () => {
  const now = Date.now();
  const ages = [40 * DAY_MS, DAY_MS / 4, 90_000, 1000, 400, -DAY_MS];
  expect(ages.map((age) => ageText(now - age, now))).toEqual([
    '40d ago',
    '6h ago',
    '2m ago',
    '1s ago',
    'now',
    'now',
  ]);
});
