import { expect, test } from '@playwright/test';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { loadPlatforms } from '../machine/platforms.js';
import { jobsWithinMemory } from './jobs-within-memory.js';
import type { Cell } from './cell.js';

const kernel: KernelEntry = {
  ...{ id: 'debian-6.1', line: '6.1', version: '6.1.176', variant: '' },
  source: { kind: 'debian', suite: 'bookworm', packages: [], older: [] },
};
const cells = (memoryMiB: number): Cell[] =>
  loadPlatforms()
    .slice(0, 2)
    .map((platform) => ({ kernel, platform: { ...platform, memoryMiB } }));

test('machines at once stay within three quarters of the memory', () => {
  expect(jobsWithinMemory(64, cells(1024), 24 * 2 ** 30)).toBe(12);
  expect(jobsWithinMemory(2, cells(1024), 24 * 2 ** 30)).toBe(2);
  expect(jobsWithinMemory(2, cells(1024), 3 * 2 ** 30)).toBe(1);
  expect(jobsWithinMemory(2, cells(8192), 2 ** 30)).toBe(1);
  expect(jobsWithinMemory(3, [], 2 ** 30)).toBe(3);
});
