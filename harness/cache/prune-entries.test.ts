import { utimesSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { CacheEntry } from './cache-entries.js';
import { cacheEntries } from './cache-entries.js';
import { withLock } from '../base/lock.js';
import { clearEntries, pruneEntries } from './prune-entries.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const HOUR_MS = 60 * 60 * 1000;
const FILE_BYTES = 64 * 1024;

/** Makes an entry of one file that was last used some hours ago. */
async function makeEntry(folder: string, name: string, hours: number): Promise<string> {
  const path = join(folder, name);
  const file = join(path, 'ram');
  const usedAt = new Date(Date.now() - hours * HOUR_MS);
  await mkdir(path, { recursive: true });
  await writeFile(file, Buffer.alloc(FILE_BYTES, 1), { flush: true });
  await utimes(file, usedAt, usedAt);
  await utimes(path, usedAt, usedAt);
  return path;
}

async function setUp(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporaryFolder();
  for (const [name, hours] of Object.entries({ oldest: 30, older: 20, newer: 10, newest: 1 })) {
    await makeEntry(folder.path, name, hours);
  }
  return folder;
}

const namesOf = (entries: readonly CacheEntry[]): string[] =>
  entries.map(({ path }) => basename(path));

/** Room for so many of the entries that `makeEntry` makes. */
async function roomFor(count: number, folder: string): Promise<number> {
  const sizes = (await cacheEntries(folder)).map(({ bytes }) => bytes);
  return Math.max(...sizes) * count;
}

test('what was not used for too long goes, and nothing stays of it', async () => {
  await using folder = await setUp();
  const limits = { maxAgeMs: 15 * HOUR_MS, maxBytes: Infinity };
  const { removed, inUse } = await pruneEntries(folder.path, limits);
  expect(namesOf(removed)).toEqual(['oldest', 'older']);
  expect(inUse).toEqual([]);
  expect((await readdir(folder.path)).sort()).toEqual(['newer', 'newest']);
});

test('the least recently used goes until the rest is small enough', async () => {
  await using folder = await setUp();
  const limits = { maxAgeMs: 25 * HOUR_MS, maxBytes: await roomFor(2, folder.path) };
  expect(namesOf((await pruneEntries(folder.path, limits)).removed)).toEqual(['oldest', 'older']);
  expect((await pruneEntries(folder.path, limits)).removed).toEqual([]);
});

test('sizes are limited for folders together', async () => {
  await using folder = await temporaryFolder();
  const kinds = ['snapshots', 'kernels'].map((kind) => join(folder.path, kind));
  for (const [index, kind] of kinds.entries()) {
    await makeEntry(kind, 'old', 10 + index);
    await makeEntry(kind, 'new', 1 + index);
  }
  const limits = { maxAgeMs: Infinity, maxBytes: await roomFor(3, kinds[0] ?? '') };
  expect((await pruneEntries(kinds, limits)).removed.map(({ path }) => path)).toEqual([
    join(folder.path, 'kernels', 'old'),
  ]);
});

test('what the caller keeps stays, and the next goes instead', async () => {
  await using folder = await setUp();
  const { removed } = await pruneEntries(folder.path, {
    maxAgeMs: Infinity,
    maxBytes: await roomFor(3, folder.path),
    keep: ({ path }) => basename(path) === 'oldest',
  });
  expect(namesOf(removed)).toEqual(['older']);
});

test('an entry whose lock is held stays and is reported, and the next goes instead', async () => {
  await using folder = await setUp();
  const limits = { maxAgeMs: Infinity, maxBytes: await roomFor(3, folder.path) };
  const { removed, inUse } = await withLock(join(folder.path, 'oldest'), async () =>
    pruneEntries(folder.path, limits),
  );
  expect({ removed: namesOf(removed), inUse: namesOf(inUse) }).toEqual({
    removed: ['older'],
    inUse: ['oldest'],
  });
  expect((await readdir(folder.path)).sort()).toEqual(['newer', 'newest', 'oldest']);
});

test('an entry that is used after it was looked at stays and is reported', async () => {
  await using folder = await setUp();
  const { removed, inUse } = await pruneEntries(folder.path, {
    maxAgeMs: 25 * HOUR_MS,
    maxBytes: Infinity,
    keep: ({ path }) => {
      utimesSync(path, new Date(), new Date());
      return false;
    },
  });
  expect({ removed, inUse: namesOf(inUse) }).toEqual({ removed: [], inUse: ['oldest'] });
});

test('a dry run says the same and removes nothing', async () => {
  await using folder = await setUp();
  const limits = { maxAgeMs: 15 * HOUR_MS, maxBytes: await roomFor(1, folder.path) };
  const { removed } = await pruneEntries(folder.path, { ...limits, isDryRun: true });
  expect(namesOf(removed)).toEqual(['oldest', 'older', 'newer']);
  expect(await readdir(folder.path)).toHaveLength(4);
  expect(await pruneEntries(folder.path, limits)).toMatchObject({ removed, inUse: [] });
});

test('what a killed run left goes after a day, unless it is being made', async () => {
  await using folder = await temporaryFolder();
  await makeEntry(folder.path, '.left.part', 25);
  await makeEntry(folder.path, '.removed.0123abcd.part', 25);
  await makeEntry(folder.path, '.young.part', 23);
  await makeEntry(folder.path, '.slow.part', 25);
  const limits = { maxAgeMs: Infinity, maxBytes: Infinity };
  const { removed, inUse } = await withLock(join(folder.path, 'slow'), async () =>
    pruneEntries(folder.path, limits),
  );
  expect({ removed: namesOf(removed).sort(), inUse: namesOf(inUse) }).toEqual({
    removed: ['.left.part', '.removed.0123abcd.part'],
    inUse: ['.slow.part'],
  });
  expect((await readdir(folder.path)).sort()).toEqual(['.slow.part', '.young.part']);
});

test('clearing removes all, whole and unfinished, but what is in use', async () => {
  await using folder = await setUp();
  await makeEntry(folder.path, '.young.part', 1);
  const { removed, inUse } = await withLock(join(folder.path, 'newer'), async () =>
    clearEntries(folder.path),
  );
  expect({ removed: namesOf(removed), inUse: namesOf(inUse) }).toEqual({
    removed: ['.young.part', 'oldest', 'older', 'newest'],
    inUse: ['newer'],
  });
  expect(await readdir(folder.path)).toEqual(['newer']);
});

test('of two that prune at once each entry is removed by one', async () => {
  await using folder = await setUp();
  const limits = { maxAgeMs: 0, maxBytes: 0 };
  const both = await Promise.all([
    pruneEntries(folder.path, limits),
    pruneEntries(folder.path, limits),
  ]);
  const removed = both.flatMap((pruned) => namesOf(pruned.removed)).sort();
  expect(removed).toEqual(['newer', 'newest', 'older', 'oldest']);
  expect(await readdir(folder.path)).toEqual([]);
});

test('a folder that is not there is pruned and cleared already', async () => {
  const nothing = { removed: [], inUse: [] };
  const folder = '/no/such/folder';
  expect(await pruneEntries(folder, { maxAgeMs: 0, maxBytes: 0 })).toMatchObject(nothing);
  expect(await clearEntries(folder)).toMatchObject(nothing);
});
