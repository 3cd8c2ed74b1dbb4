import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { listCache, prunable, removeCached } from './kernel-cache.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const OLD = '0123456789abcdef';
const NEW = 'fedcba9876543210';

async function setUp(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const files: [string, number][] = [
    [`kernels/5.10-${OLD}/vmlinux`, 1],
    [`kernels/5.10-${NEW}/vmlinux`, 2],
    [`kernels/5.10-be-${OLD}/vmlinux`, 1],
    [`kernels/.6.1-${OLD}.part/source/Makefile`, 3],
    [`sources/linux-source-5.10-${OLD}.deb`, 1],
    [`sources/linux-source-5.10-${NEW}.deb`, 2],
    [`trees/${OLD}/vmlinux`, 1],
    ['kernels/notes.txt', 1],
  ];
  for (const [name, age] of files) {
    const path = join(folder.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '12345');
    const time = new Date(2026, 0, age);
    await utimes(path, time, time);
    await utimes(dirname(path), time, time);
  }
  return folder;
}

test('the cache is listed by what it holds, with sizes', async () => {
  await using folder = await setUp();
  const items = await listCache(folder.path);
  expect(items.map(({ kind, name, bytes }) => `${kind} ${name} ${bytes}`).sort()).toEqual([
    'kernel build-5.10 5',
    'kernel build-5.10 5',
    'kernel build-5.10-be 5',
    'rest 6.1-0123456789abcdef 5',
    'source linux-source-5.10 5',
    'source linux-source-5.10 5',
    `tree ${OLD} 5`,
  ]);
});

test('old ones, rests and trees can go; the newest of each stays', async () => {
  await using folder = await setUp();
  const items = await listCache(folder.path);
  expect(
    prunable(items, false)
      .map(({ path }) => basename(path))
      .sort(),
  ).toEqual([`.6.1-${OLD}.part`, OLD, `5.10-${OLD}`, `linux-source-5.10-${OLD}.deb`].sort());
  expect(prunable(items, true)).toHaveLength(7);
});

test('what is removed is gone, and no lock stays', async () => {
  await using folder = await setUp();
  for (const item of prunable(await listCache(folder.path), true)) await removeCached(item);
  expect(await listCache(folder.path)).toEqual([]);
});

test('a cache that is not there is empty', async () => {
  expect(await listCache('/no/such/folder')).toEqual([]);
});
