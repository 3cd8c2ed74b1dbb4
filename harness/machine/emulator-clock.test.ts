import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { EmulatorClock } from './emulator-clock.js';

/** A /proc of a QEMU with two threads, on a machine with one processor. */
async function writeProc(
  folder: string,
  { waitedMs = [0, 0], state = 'S', steal = 0, total = 0 },
): Promise<void> {
  for (const [index, ms] of waitedMs.entries()) {
    const thread = join(folder, '7/task', String(7 + index));
    await mkdir(thread, { recursive: true });
    await writeFile(join(thread, 'schedstat'), `1000 ${ms * 1e6} 3\n`);
  }
  await writeFile(join(folder, '7/stat'), `7 (qemu) x) ${state} 1 7 7\n`);
  await writeFile(join(folder, 'stat'), `cpu  ${total - steal} 0 0 0 0 0 0 ${steal} 0 0\nintr 0\n`);
}

test('a thread that waits for a processor is kept from working; the longest wait counts', async () => {
  await using folder = await temporaryFolder();
  await writeProc(folder.path, {});
  const clock = new EmulatorClock(7, folder.path);
  await delay(60);
  await writeProc(folder.path, { waitedMs: [20, 40] });
  expect(clock.deniedMs()).toBe(40);
  expect(clock.deniedMs()).toBe(40);
  expect(clock.whyDenied()).toMatch(/^load \d+\.\d on \d+ processors$/);
});

test('no more is denied than has passed', async () => {
  await using folder = await temporaryFolder();
  await writeProc(folder.path, {});
  const clock = new EmulatorClock(7, folder.path);
  await writeProc(folder.path, { waitedMs: [3_600_000, 0] });
  expect(clock.deniedMs()).toBeLessThan(60_000);
});

test('time that the hypervisor below takes is denied, in its share', async () => {
  await using folder = await temporaryFolder();
  await writeProc(folder.path, {});
  const clock = new EmulatorClock(7, folder.path);
  await delay(100);
  await writeProc(folder.path, { steal: 50, total: 100 });
  const denied = clock.deniedMs();
  expect(denied).toBeGreaterThanOrEqual(49);
  expect(clock.whyDenied()).toContain(', 50 % of them stolen');
});

test('a process that is stopped is kept from working, one that sleeps is not', async () => {
  const sleeper = spawn('sleep', ['60']);
  try {
    await once(sleeper, 'spawn');
    const clock = new EmulatorClock(sleeper.pid ?? 0);
    await delay(100);
    const asleep = clock.deniedMs();
    sleeper.kill('SIGSTOP');
    await delay(100);
    clock.deniedMs();
    await delay(200);
    expect(clock.deniedMs() - asleep).toBeGreaterThanOrEqual(199);
    expect(clock.whyDenied()).toBe('it was stopped by a signal');
  } finally {
    sleeper.kill('SIGKILL');
  }
});

test('of a process that has ended nothing more is denied', () => {
  expect(new EmulatorClock(2 ** 30).deniedMs()).toBeLessThan(1_000);
});
