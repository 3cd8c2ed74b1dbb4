import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { loadPlatforms, selectPlatforms } from '../machine/platforms.js';
import type { BootedCell } from './selection.js';
import { planCommand, timedCells } from './plan-command.js';

const options = { kernel: [], platform: [], register: [], shards: 2 };
const kernel = (id: string): KernelEntry => ({
  ...{ id, line: '6.1', version: '6.1.176', variant: '' },
  source: { kind: 'debian', suite: 'bookworm', packages: [] },
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

test("GitHub's job matrix is one line of strings and numbers that the steps take", async () => {
  const cells = ['debian-6.1/powernv[89]', 'debian-6.12/powernv9'];
  const text = await planCommand({ ...options, cell: cells, format: 'github' });
  expect(JSON.parse(text)).toEqual({
    include: [
      {
        shard: 1,
        of: 2,
        kernels: 'debian-6.1',
        cells: 'debian-6.1/powernv8,debian-6.1/powernv9',
        minutes: 1,
      },
      { shard: 2, of: 2, kernels: 'debian-6.12', cells: 'debian-6.12/powernv9', minutes: 1 },
    ],
  });
  expect(text).not.toContain('\n');
});

test('cells that can run nowhere are in no shard; without any other it is a usage error', async () => {
  const e500v2 = 'debian-6.1/e500v2';
  const some = await planCommand({
    ...options,
    cell: [e500v2, 'debian-6.1/powernv9'],
    format: 'json',
  });
  expect(some).not.toContain('e500v2');
  const error = await rejectionOf(planCommand({ ...options, cell: [e500v2], format: 'text' }));
  expect([error.kind, error.message]).toEqual(['usage', 'none of the 1 selected cells can run']);
});
