import { expect, test } from '@playwright/test';
import { releaseFreeMemory } from './release-memory.js';

const heapUsed = (): number => process.memoryUsage().heapUsed;

/** Makes a million objects, and says how much memory is used while they are there. */
function litter(): { readonly count: number; readonly used: number } {
  const many = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  return { used: heapUsed(), count: many.length };
}

test('what nobody needs any more is given back', () => {
  const { used } = litter();
  releaseFreeMemory();
  expect(used - heapUsed()).toBeGreaterThan(20e6);
});
