import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { loadPlatforms } from '../machine/platforms.js';
import { planCells } from './plan-cells.js';
import { runMatrix } from './run-matrix.js';

const QEMU = { path: '/usr/bin/qemu-system-ppc64', version: '7.2.22' };
const KERNEL: KernelEntry = {
  id: 'debian-6.1',
  line: '6.1',
  version: '6.1.176',
  variant: '',
  source: { kind: 'debian', suite: 'bookworm', packages: [], older: [] },
};
const cells = loadPlatforms().map((platform) => ({ kernel: KERNEL, platform }));
const obstacleText = /^needs QEMU 1\d\.\d or newer|guest state buffers|KVM-PR|KVM_CAP_SW_TLB/;

test('a cell has a QEMU, or a reason', () => {
  const planned = planCells(cells, [QEMU]);
  expect(planned.map(({ platform }) => platform.id)).toEqual(loadPlatforms().map(({ id }) => id));
  for (const { platform, qemu, obstacle } of planned) {
    if (obstacle === undefined) expect(qemu, platform.id).toEqual(QEMU);
    else expect(obstacle, platform.id).toMatch(obstacleText);
  }
  const runnable = planned.filter(({ obstacle }) => obstacle === undefined);
  expect(runnable.map(({ platform }) => platform.id)).toEqual([
    ...['powernv8', 'powernv9', 'powernv10', 'pseries-p9-nested', 'pseries-p10-nested'],
  ]);
});

test('a cell that cannot run ends with its reason: no kernel is fetched, nothing boots', async () => {
  await using folder = await temporaryFolder();
  const never = planCells(cells, [QEMU]).filter(({ obstacle }) => obstacle !== undefined);
  const outcomes = await runMatrix({
    cells: never,
    registers: [],
    jobs: 2,
    outFolder: folder.path,
  });
  expect(outcomes.map((outcome) => 'obstacle' in outcome)).toEqual(never.map(() => true));
});
