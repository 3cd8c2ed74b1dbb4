import { lutimes, mkdir, open, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { cacheEntries, nameWhenFinished, unfinishedEntries } from './cache-entries.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

test('an entry is a file or a folder; locks and what is unfinished are none', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['b', 'b.lock', '.c.part', '.hidden']) await mkdir(join(folder.path, name));
  await writeFile(join(folder.path, 'a.deb'), '');
  await writeFile(join(folder.path, 'c.deb.part'), '');
  const namesOf = (entries: readonly { path: string }[]): string[] =>
    entries.map(({ path }) => basename(path)).sort();
  expect(namesOf(await cacheEntries(folder.path))).toEqual(['a.deb', 'b']);
  expect(namesOf(await unfinishedEntries(folder.path))).toEqual(['.c.part', 'c.deb.part']);
});

test('a folder that is not there has no entries', async () => {
  expect(await cacheEntries('/no/such/folder')).toEqual([]);
  expect(await unfinishedEntries('/no/such/folder')).toEqual([]);
});

test('an entry takes what its files take of the disk, and holes take nothing', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'entry', 'inner'), { recursive: true });
  await using file = await open(join(folder.path, 'entry', 'inner', 'ram'), 'w');
  await file.write(Buffer.alloc(1 << 16, 1), 0, 1 << 16, 1 << 30);
  await file.sync();
  await symlink('/no/such/file', join(folder.path, 'entry', 'link'));
  const [entry] = await cacheEntries(folder.path);
  expect(entry?.bytes).toBeGreaterThanOrEqual(1 << 16);
  expect(entry?.bytes).toBeLessThan(1 << 20);
});

test("an entry's name is its manifest's, if that has one that can be printed", async () => {
  await using folder = await temporaryFolder();
  const manifests = {
    named: '{"name":"debian-6.12/pseries-p9-nested"}',
    coloured: '{"name":"\\u001b[31mred"}',
    nameless: '{"format":1}',
    numbered: '{"name":1}',
    'cut off': '{"name":"deb',
    empty: undefined,
  };
  for (const [name, manifest] of Object.entries(manifests)) {
    await mkdir(join(folder.path, name));
    if (manifest !== undefined) await writeFile(join(folder.path, name, 'manifest.json'), manifest);
  }
  const names = (await cacheEntries(folder.path)).map(({ path, name }) => [basename(path), name]);
  expect(Object.fromEntries(names)).toEqual({
    named: 'debian-6.12/pseries-p9-nested',
    coloured: undefined,
    nameless: undefined,
    numbered: undefined,
    'cut off': undefined,
    empty: undefined,
  });
});

test('a folder that a kernel was built in has the name of its sources', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'tree'));
  await symlink('/home/me/linux', join(folder.path, 'tree', 'source'));
  expect(await cacheEntries(folder.path)).toMatchObject([{ name: '/home/me/linux' }]);
});

test('an entry was used when it was touched, or a file in it read or written; oldest first', async () => {
  await using folder = await temporaryFolder();
  const day = (date: number): Date => new Date(2026, 0, date);
  const times = { written: [1, 4, 1], touched: [1, 1, 3], read: [2, 1, 1] } as const;
  for (const [name, [readAt, writtenAt, touchedAt]] of Object.entries(times)) {
    const path = join(folder.path, name);
    await mkdir(path);
    await writeFile(join(path, 'vmlinux'), '');
    await utimes(join(path, 'vmlinux'), day(readAt), day(writtenAt));
    await utimes(path, day(touchedAt), day(touchedAt));
  }
  const entries = await cacheEntries(folder.path);
  expect(entries.map(({ path, usedAt }) => [basename(path), usedAt])).toEqual([
    ['read', day(2).getTime()],
    ['touched', day(3).getTime()],
    ['written', day(4).getTime()],
  ]);
});

test('to look at an entry is no use of it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'entry');
  const then = new Date(2026, 0, 1);
  await mkdir(path);
  await writeFile(join(path, 'manifest.json'), '{"name":"debian-6.12"}');
  await utimes(join(path, 'manifest.json'), then, then);
  await mkdir(join(folder.path, 'tree'));
  await symlink('/home/me/linux', join(folder.path, 'tree', 'source'));
  await lutimes(join(folder.path, 'tree', 'source'), then, then);
  for (const entry of [path, join(folder.path, 'tree')]) await utimes(entry, then, then);
  for (let times = 0; times < 2; times += 1) {
    const uses = (await cacheEntries(folder.path)).map(({ usedAt }) => usedAt);
    expect(uses).toEqual([then.getTime(), then.getTime()]);
  }
});

for (const [unfinished, finished] of [
  ['.5.10-0123456789abcdef.part', '5.10-0123456789abcdef'],
  ['.0123456789abcdef.89abcdef.part', '0123456789abcdef'],
  ['debian.json.0123456789ab.part', 'debian.json'],
  ['linux-source-6.1-0123456789abcdef.deb.part', 'linux-source-6.1-0123456789abcdef.deb'],
  ['6.1-0123456789abcdef', '6.1-0123456789abcdef'],
] as const) {
  test(`${unfinished} is ${finished} when it is finished`, () => {
    expect(nameWhenFinished(join('/cache', unfinished))).toBe(finished);
  });
}
