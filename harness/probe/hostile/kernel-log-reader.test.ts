import { expect, test } from '@playwright/test';
import type { KvmHost } from '../../agent/kvm-host.js';
import { rejectionOf } from '../../base/testing/errors.js';
import { KernelLogReader } from './kernel-log-reader.js';
import { fakeHost } from './testing/fake-host.js';

const STALL = 'watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [agent:1]';

const OPTIONS = { vmType: 1, isPapr: true, byteOrder: 'little', hasTm: false } as const;

/** A host on a machine that had no processor for the next of `denied` (cumulative, ms) at each reading. */
function hostWithout(denied: number[]): { host: KvmHost; log: string[] } {
  return fakeHost(() => ({
    clock: { deniedMs: () => denied.shift() ?? 0, whyDenied: () => 'load 15.0 on 2 processors' },
  }));
}

test('a kernel that stood still on a machine without a processor is starved: nobody is accused', async () => {
  const { host, log } = hostWithout([30_000, 42_000]);
  const reader = new KernelLogReader(OPTIONS);
  expect(await reader.read(host)).toBe('');
  log.push(`0,1,1,-;${STALL}`);
  const error = await rejectionOf(reader.read(host));
  expect([error.code, error.kind]).toEqual(['STARVED', 'harness']);
  expect(error.describe()).toBe(
    [
      `the kernel says that it stood still ("${STALL}"), and the emulator had no processor for 12000 ms (load 15.0 on 2 processors)`,
      '  hint: run it again when this machine has less to do, or with --jobs=1',
    ].join('\n'),
  );
});

test('one that stands still while its machine works is reported, and so is one on hardware', async () => {
  const { host, log } = hostWithout([30_000, 31_000]);
  const reader = new KernelLogReader(OPTIONS);
  await reader.read(host);
  log.push(`0,1,1,-;${STALL}`);
  expect(await reader.read(host)).toContain(STALL);
  const hardware = fakeHost();
  hardware.log.push(`0,1,1,-;${STALL}`);
  expect(await new KernelLogReader(OPTIONS).read(hardware.host)).toContain(STALL);
});
