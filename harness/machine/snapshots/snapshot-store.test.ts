import { existsSync } from 'node:fs';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import type { SavedMachine, SnapshotFiles } from './snapshot-store.js';
import { damageOf, SnapshotStore } from './snapshot-store.js';

const KEY = '0123456789abcdef';
const NAME = 'debian-6.12/powernv9';

/** Writes a machine of 3 MiB, whose second is a hole. */
async function save({ memoryPath, statePath }: SnapshotFiles): Promise<SavedMachine> {
  await writeFile(memoryPath, Buffer.alloc(2 ** 20, 1));
  await truncate(memoryPath, 2 * 2 ** 20);
  await writeFile(memoryPath, Buffer.alloc(2 ** 20, 3), { flag: 'a' });
  await writeFile(statePath, 'registers');
  return { hypercalls: [{ address: '0xc000000000089108', registers: ['0x000000000000f800'] }] };
}

test('a snapshot is made once, found again, and whole', async () => {
  await using folder = await temporaryFolder();
  const store = new SnapshotStore(folder.path);
  let saves = 0;
  const make = async (files: SnapshotFiles): Promise<SavedMachine> => {
    saves += 1;
    return save(files);
  };
  const [first, second] = await Promise.all([
    store.ensure(KEY, NAME, make),
    store.ensure(KEY, NAME, make),
  ]);
  expect([saves, first?.folder]).toEqual([1, second?.folder]);
  const found = await store.find(KEY);
  expect(found?.manifest).toMatchObject({
    name: NAME,
    hypercalls: [{ address: '0xc000000000089108', registers: ['0x000000000000f800'] }],
    ram: { bytes: 3 * 2 ** 20, pieces: [0, 2] },
  });
  expect(found && (await damageOf(found))).toBeUndefined();
});

for (const [file, why] of [
  ['ram', 'its memory is damaged'],
  ['state', 'its state is damaged'],
] as const) {
  test(`a snapshot whose ${file} was changed is reported, and can be made again once it is dropped`, async () => {
    await using folder = await temporaryFolder();
    const store = new SnapshotStore(folder.path);
    const snapshot = await store.ensure(KEY, NAME, save);
    if (snapshot === undefined) throw new Error('not saved');
    await writeFile(join(snapshot.folder, file), 'x', { flag: 'r+' });
    expect(await damageOf(snapshot)).toBe(why);
    await store.drop(snapshot.folder);
    expect(await store.find(KEY)).toBeUndefined();
    const again = await store.ensure(KEY, NAME, save);
    expect(again && (await damageOf(again))).toBeUndefined();
  });
}

test('the store knows whose machines it has, those with a manifest that is cut off aside', async () => {
  await using folder = await temporaryFolder();
  const store = new SnapshotStore(folder.path);
  expect(await store.names()).toEqual(new Set());
  await store.ensure(KEY, NAME, save);
  const cut = await store.ensure(`${KEY}0`, 'debian-6.12/powernv8', save);
  await truncate(join(cut?.folder ?? '', 'manifest.json'), 10);
  expect(await store.names()).toEqual(new Set([NAME]));
});

test('a manifest that was cut off is no snapshot', async () => {
  await using folder = await temporaryFolder();
  const store = new SnapshotStore(folder.path);
  const snapshot = await store.ensure(KEY, NAME, save);
  if (snapshot === undefined) throw new Error('not saved');
  await truncate(join(snapshot.folder, 'manifest.json'), 20);
  expect(await store.find(KEY)).toBeUndefined();
  expect(existsSync(snapshot.folder)).toBe(false);
});

test('of a machine that could not be saved nothing stays, nor of a run that was killed', async () => {
  await using folder = await temporaryFolder();
  const store = new SnapshotStore(folder.path);
  await mkdir(join(store.folder, `.${KEY}.part`), { recursive: true });
  expect(await store.ensure(KEY, NAME, async () => Promise.resolve(undefined))).toBeUndefined();
  expect(await readdir(store.folder)).toEqual([]);
});
