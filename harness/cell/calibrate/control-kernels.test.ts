import { expect, test } from '@playwright/test';
import { rejectionOf } from '../../base/testing/errors.js';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import type { PreparedKernel } from '../../kernels/prepared-kernel.js';
import { loadPlatforms } from '../../machine/platforms.js';
import type { CellRecord } from '../../record/cell-record.js';
import { record, row } from '../../record/record.fixture.js';
import { findControl, speaksFor } from './control-kernels.js';

const platform = loadPlatforms().find(({ id }) => id === 'powernv9');

const entry = (id: string): KernelEntry => ({ id, version: '6.1' }) as KernelEntry;
const KERNELS = ['debian-6.1', 'debian-6.12', 'build-5.10'].map(entry);
const BASELINES = KERNELS.map(({ id }): CellRecord => record({ kernel: id, qemu: '10.0.2' }));

/** Every kernel as it is on record, but for those whose package the archive has replaced. */
const prepare =
  (...replaced: string[]) =>
  async ({ id }: KernelEntry): Promise<PreparedKernel> => {
    const known = BASELINES.find(({ cell }) => cell.kernel === id)?.kernel;
    const isReplaced = replaced.includes(id);
    return Promise.resolve({
      id,
      sha256: isReplaced ? 'f'.repeat(64) : known?.sha256,
      package: isReplaced ? { name: 'linux-image', version: '6.1.999-1' } : known?.package,
    } as PreparedKernel);
  };

const control = async (tested: string, ...replaced: string[]): Promise<string> => {
  if (platform === undefined) throw new Error('there is no powernv9');
  const found = await findControl({
    ...{ platform, qemuVersion: '9.2.0', baselines: BASELINES, kernels: KERNELS },
    ...{ nearestTo: entry(tested), prepare: prepare(...replaced) },
  });
  return found.entry.id;
};

test('the control is the nearest package kernel that still is the one on record', async () => {
  expect(await control('debian-6.12')).toBe('debian-6.12');
  expect(await control('debian-6.12', 'debian-6.12')).toBe('debian-6.1');
  // A kernel that is built here is one only where it is what is tested.
  expect(await control('build-5.10')).toBe('build-5.10');
});

test('without any, it says why each is none, and how to do without', async () => {
  expect(await rejectionOf(control('debian-6.1', 'debian-6.1', 'debian-6.12'))).toMatchObject({
    code: 'CALIBRATION_WITHOUT_CONTROL',
    message: "no control kernel is to be had for powernv9: nothing says what is this QEMU's there",
    evidence: [
      'debian-6.1: its baseline is of 6.1.176-1, and to be had is 6.1.999-1',
      'debian-6.12: its baseline is of 6.12.176-1, and to be had is 6.1.999-1',
    ],
    hint: '--no-calibration judges as if it were the QEMU of the baselines',
  });
});

test('a control speaks for a kernel that has no register besides its own', () => {
  const [old, recent] = [
    record({ kernel: 'debian-6.1' }, { DABR: row('exact'), DEXCR: row('absent') }),
    record({ kernel: 'debian-6.12' }, { DABR: row('lost'), DEXCR: row('exact') }),
  ];
  expect(speaksFor(recent, old)).toBe(true);
  expect(speaksFor(old, recent)).toBe(false);
  // What a kernel without a baseline has, nobody knows.
  expect(speaksFor(old, undefined)).toBe(true);
});
