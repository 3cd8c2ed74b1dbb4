import { expect, test } from '@playwright/test';
import { findRegisterById, registerTable, sizeOfId } from '../../sync/register-table.js';
import { foreignIds, randomIds, sizedIds, unusedIds, wrongSizeIds } from './hostile-ids.js';
import { parseHostilePlan } from './hostile-plan.js';

test('no id of another architecture, size or index is that of a register', () => {
  const ids = [
    ...foreignIds(registerTable().slice(0, 3)),
    ...unusedIds(),
    ...sizedIds(),
    ...wrongSizeIds(registerTable()),
  ];
  expect(ids.filter((id) => findRegisterById(id) !== undefined)).toEqual([]);
});

test('foreign ids are those of the register in the fifteen other architectures', () => {
  const [dar] = registerTable().filter(({ name }) => name === 'DAR');
  if (dar === undefined) throw new Error('no DAR');
  const ids = foreignIds([dar]);
  expect(ids).toHaveLength(15);
  expect(ids).toContain(0x6030_0000_0000_000cn); // arm64
  expect(ids).toContain(0x0030_0000_0000_000cn);
});

test('sizes go from 8 to 2048 bits and beyond; every size is wrong for some register', () => {
  expect(sizedIds().map((id) => sizeOfId(id) * 8)).toEqual(
    Array.from({ length: 16 }, (_, log2) => 8 << log2),
  );
  const sizes = new Set(wrongSizeIds(registerTable()).map(sizeOfId));
  expect(sizes.size).toBe(16);
});

test('unused indexes are next to used ones, in each size of the table', () => {
  const ids = unusedIds();
  expect(new Set(ids.map(sizeOfId))).toEqual(new Set([4, 8, 16]));
  expect(ids).toContain(0x1030_0000_0000_0000n);
  expect(ids).toContain(0x103f_ffff_ffff_ffffn);
});

test('random ids are the same for a seed, others for another, and more begin with the same', () => {
  const ids = randomIds({ ids: 1000, seed: 1 });
  expect(randomIds({ ids: 1000, seed: 1 })).toEqual(ids);
  expect(randomIds({ ids: 2000, seed: 1 }).slice(0, 1000)).toEqual(ids);
  expect(randomIds({ ids: 1000, seed: 2 })).not.toEqual(ids);
  expect(ids[0]).toBe(0x910a_2dec_8902_5cc1n); // splitmix64 of seed 1
  expect(ids.every((id) => id >= 0n && id < 1n << 64n)).toBe(true);
  const named = ids.flatMap((id) => findRegisterById(id)?.name ?? []);
  expect(named.length).toBeGreaterThan(5);
});

test('a plan is a number of ids, with or without a seed', () => {
  expect(parseHostilePlan('5000')).toEqual({ ids: 5000, seed: 1 });
  expect(parseHostilePlan('5000:7')).toEqual({ ids: 5000, seed: 7 });
  expect(parseHostilePlan('0')).toEqual({ ids: 0, seed: 1 });
  for (const text of ['', '-1', 'many', '5000:', '1:2:3', '1000001', '1:4294967296', '1.5']) {
    expect(parseHostilePlan(text), text).toBeUndefined();
  }
});
