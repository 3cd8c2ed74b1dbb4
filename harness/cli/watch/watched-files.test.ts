import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { fakeImage } from '../../kernels/testing/fake-elf.js';
import type { WatchedFiles } from './watch-loop.js';
import { watchFiles } from './watched-files.js';

/** Whether a hint comes when `change` is made, and the files are in another state then. */
async function seen(files: WatchedFiles, change: () => Promise<void>): Promise<boolean> {
  // The watcher takes events within 50 ms for one.
  await sleep(100);
  const before = await files.state();
  const hint = files.hint(AbortSignal.timeout(10_000));
  await change();
  await hint;
  return (await files.state()) !== before;
}

test('a file that is written over, replaced, removed, and there again is seen to change', async () => {
  await using folder = await temporaryFolder();
  const image = join(folder.path, 'vmlinux');
  await writeFile(image, fakeImage(['one']));
  await using files = await watchFiles({ images: [image], folders: [] });
  expect(await seen(files, async () => writeFile(image, fakeImage(['a second'])))).toBe(true);
  await writeFile(join(folder.path, 'new'), fakeImage(['third']));
  expect(await seen(files, async () => rename(join(folder.path, 'new'), image))).toBe(true);
  expect(await files.whatIsMissing()).toBeUndefined();
  expect(await seen(files, async () => rm(image))).toBe(true);
  expect(await files.whatIsMissing()).toBe('vmlinux: no such file');
  expect(await seen(files, async () => writeFile(image, fakeImage([]).subarray(0, 20)))).toBe(true);
  expect(await files.whatIsMissing()).toBe('vmlinux: it is cut off: 20 of at least 64 bytes');
});

test('a module that is built again is seen; what else lies in its folder is no change', async () => {
  await using folder = await temporaryFolder();
  const image = join(folder.path, 'vmlinux');
  const modules = join(folder.path, 'modules/kernel');
  await mkdir(modules, { recursive: true });
  for (const path of [image, join(modules, 'kvm-hv.ko'), join(modules, 'book3s_hv.c')]) {
    await writeFile(path, fakeImage(['one']));
  }
  const folders = [join(folder.path, 'modules')];
  await using files = await watchFiles({ images: [image], folders });
  const touch = (name: string) => async (): Promise<void> => utimes(join(modules, name), 1, 1);
  expect(await seen(files, touch('kvm-hv.ko'))).toBe(true);
  expect(await seen(files, touch('book3s_hv.c'))).toBe(false);
  expect(await seen(files, async () => writeFile(join(modules, 'kvm.ko.xz'), 'new'))).toBe(true);
  expect(await seen(files, async () => rm(modules, { recursive: true }))).toBe(true);
});
