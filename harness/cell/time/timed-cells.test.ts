import { expect, test } from '@playwright/test';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import { loadPlatforms, selectPlatforms } from '../../machine/platforms.js';
import type { PlannedCell } from '../cell.js';
import type { EmulatedCell } from '../cell.js';
import { expectedTimes, timedCells } from './timed-cells.js';

const kernel = (id: string): KernelEntry => ({
  ...{ id, line: '6.1', version: '6.1.176', variant: '' },
  source: { kind: 'debian', suite: 'bookworm', packages: [], older: [] },
});
const cell = (id: string, platform: string): EmulatedCell => {
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

test('a cell whose machine is saved is expected to take less, where this QEMU can restore it', () => {
  const times = { 'debian-6.1/powernv8': 9000, 'debian-6.1/pseries-p9-nested': 4000 };
  const planned = (platform: string, version: string): PlannedCell => ({
    ...cell('debian-6.1', platform),
    qemu: { path: 'qemu-system-ppc64', version },
  });
  const saved = new Set(['debian-6.1/pseries-p9-nested', 'debian-6.1/powernv8']);
  const expected = (version: string): unknown =>
    Object.fromEntries(
      expectedTimes(
        [planned('powernv8', version), planned('pseries-p9-nested', version)],
        times,
        saved,
      ),
    );
  expect(expected('10.0.2')).toEqual({
    'debian-6.1/powernv8': 3060,
    'debian-6.1/pseries-p9-nested': 1360,
  });
  expect(expected('7.2.22')).toEqual(times);
});
