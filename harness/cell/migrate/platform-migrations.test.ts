import { expect, test } from '@playwright/test';
import { errorOf } from '../../base/testing/errors.js';
import { platformNames } from '../../machine/platforms.js';
import { inMigrationOrder, loadPlatformPairs } from './platform-migrations.js';

const pair = (from: string, to: string) => ({ from, to, why: 'a test' });

test('each platform comes after those that lead to it', () => {
  expect(inMigrationOrder(['c', 'b', 'a'], [pair('a', 'b'), pair('b', 'c')])).toEqual([
    'a',
    'b',
    'c',
  ]);
  expect(inMigrationOrder(['c', 'b'], [pair('a', 'b'), pair('a', 'c')])).toEqual(['c', 'b']);
});

test('pairs that form a circle are refused', () => {
  const round = [pair('a', 'b'), pair('b', 'a')];
  expect(errorOf(() => inMigrationOrder(['a', 'b', 'c'], round)).message).toBe(
    'matrix/migrations.json: its pairs form a circle: a, b',
  );
});

test('the pairs of the repository are of platforms that there are, and have an order', () => {
  const pairs = loadPlatformPairs();
  const names = platformNames();
  for (const { from, to } of pairs) expect(names).toEqual(expect.arrayContaining([from, to]));
  expect(inMigrationOrder(names, pairs)).toHaveLength(names.length);
});
