import { expect, test } from '@playwright/test';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import { record } from '../../record/record.fixture.js';
import { newerKernelsText } from './newer-kernels.js';

const listed = (id: string, version: string): KernelEntry =>
  ({ id, source: { kind: 'debian', packages: [{ version }] } }) as unknown as KernelEntry;
const baseline = (id: string, version: string): ReturnType<typeof record> => {
  const made = record();
  return {
    ...made,
    cell: { ...made.cell, kernel: id },
    kernel: { ...made.kernel, package: { name: 'linux-image', version } },
  };
};

test('a newer release, and a line that has no baseline, are one line', () => {
  const kernels = [
    listed('debian-6.1', '6.1.176-1'),
    listed('debian-6.12', '6.12.117-1'),
    listed('debian-7.4', '7.4~rc1-1~exp1'),
  ];
  const baselines = [
    baseline('debian-6.1', '6.1.176-1'),
    baseline('debian-6.12', '6.12.95-1~bpo12+1'),
    baseline('debian-6.12', '6.12.107-1'),
  ];
  expect(newerKernelsText(kernels, baselines)).toBe(
    "Debian has newer kernels than the baselines: debian-6.12 6.12.117-1 (baseline: 6.12.107-1), debian-7.4 7.4~rc1-1~exp1 (no baseline); they are recorded with --kernel=debian-6.12,debian-7.4 --platform='*' --update-baseline",
  );
});

test('a candidate is older than its release, and an older package is nothing new', () => {
  const now = [listed('debian-7.3', '7.3~rc7-1~exp1')];
  expect(newerKernelsText(now, [baseline('debian-7.3', '7.3-1')])).toBeUndefined();
  expect(newerKernelsText([], [])).toBeUndefined();
});
