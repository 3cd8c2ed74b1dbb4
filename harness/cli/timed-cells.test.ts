import { expect, test } from '@playwright/test';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { loadPlatforms, selectPlatforms } from '../machine/platforms.js';
import type { BootedCell } from './selection.js';
import { timedCells } from './timed-cells.js';

const kernel = (id: string): KernelEntry => ({
  ...{ id, line: '6.1', version: '6.1.176', variant: '' },
  source: { kind: 'debian', suite: 'bookworm', packages: [], older: [] },
});
const cell = (id: string, platform: string): BootedCell => {
  const [found] = selectPlatforms([platform], loadPlatforms());
  if (found === undefined) throw new Error(`no platform ${platform}`);
  return { kernel: kernel(id), platform: found };
};

test('a cell takes what was measured, else as long as its likes', () => {
  const times = {
    'debian-6.1/powernv8': 9000,
    'debian-6.1/powernv9': 5000,
    'debian-6.1/powernv10': 6000,
    'debian-7.3/powernv11': 30_000,
  };
  const cells = [
    cell('debian-6.1', 'powernv8'),
    cell('debian-6.1', 'powernv11'),
    cell('debian-8.0', 'powernv11'),
    cell('debian-8.0', 'pseries-p9-nested'),
  ];
  expect(timedCells(cells, times).map(({ ms }) => ms)).toEqual([9000, 6000, 30_000, 9000]);
  expect(timedCells(cells.slice(0, 1), {})[0]?.ms).toBe(10_000);
});
