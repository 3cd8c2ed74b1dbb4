import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { TimedCell } from './plan-shards.js';
import { planShards } from './plan-shards.js';

/** Cells of a kernel, each of so many seconds. */
const kernel = (name: string, ...seconds: number[]): TimedCell[] =>
  seconds.map((time, index) => ({ name: `${name}/p${index}`, kernel: name, ms: time * 1000 }));
const free = (): number => 0;
const names = (cells: readonly TimedCell[], count: number, prepareMs = free): string[] =>
  planShards(cells, count, prepareMs).map((shard) => shard.cells.map(({ name }) => name).join(' '));

test('cells of one kernel stay together', () => {
  expect(names([...kernel('a', 2, 2), ...kernel('b', 2, 2)], 2)).toEqual([
    'a/p0 a/p1',
    'b/p0 b/p1',
  ]);
});

test('a kernel that takes longer than its share is split', () => {
  expect(names([...kernel('a', 6, 5, 1), ...kernel('b', 6)], 3)).toEqual([
    'a/p0',
    'a/p1 a/p2',
    'b/p0',
  ]);
});

test('splitting goes on until it pays: two kernels over three shards', () => {
  const cells = [...kernel('a', 2, 2, 2), ...kernel('b', 2, 2, 2)];
  expect(planShards(cells, 3, free).map(({ ms }) => ms)).toEqual([4000, 4000, 4000]);
});

test('a kernel that is dear to have is not split: another shard would have to build it too', () => {
  const cells = kernel('a', 6, 6);
  expect(names(cells, 2, () => 5000)).toEqual(['a/p0', 'a/p1']);
  expect(planShards(cells, 2, () => 5000).map(({ ms }) => ms)).toEqual([11_000, 11_000]);
  expect(names([...cells, ...kernel('b', 12)], 2, () => 5000)).toEqual(['a/p0 a/p1', 'b/p0']);
});

test('shards without cells are left out', () => {
  expect(names(kernel('a', 1), 4)).toEqual(['a/p0']);
  expect(names([], 4)).toEqual([]);
});

test('every cell is in one shard, none is slower than all in one, and the plan is repeatable', () => {
  const anyCells = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 60_000 })), {
      maxLength: 40,
    })
    .map((list) => list.map(([name, ms], at) => ({ name: `${name}/${at}`, kernel: name, ms })));
  fc.assert(
    fc.property(anyCells, fc.integer({ min: 1, max: 9 }), (cells, count) => {
      const prepareMs = (): number => 8000;
      const shards = planShards(cells, count, prepareMs);
      expect(shards.length).toBeLessThanOrEqual(count);
      const dealt = shards.flatMap((shard) => shard.cells.map(({ name }) => name));
      expect(dealt.toSorted()).toEqual(cells.map(({ name }) => name).toSorted());
      const [whole] = planShards(cells, 1, prepareMs);
      for (const { ms } of shards) expect(ms).toBeLessThanOrEqual(whole?.ms ?? 0);
      expect(planShards(cells, count, prepareMs)).toEqual(shards);
    }),
  );
});
