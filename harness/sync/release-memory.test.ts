import { expect, test } from '@playwright/test';
import { releaseFreeMemory } from './release-memory.js';

test('what nobody needs any more is given back, and what somebody needs stays', () => {
  const kept = Array.from({ length: 1000 }, (_, index) => ({ index }));
  let garbage: object[] = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  const before = process.memoryUsage().heapUsed;
  expect(garbage).toHaveLength(1_000_000);
  garbage = [];
  releaseFreeMemory();
  expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(20e6);
  expect(kept.map(({ index }) => index)).toEqual(kept.map((_, index) => index));
  expect(garbage).toEqual([]);
});
