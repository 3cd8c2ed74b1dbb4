import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sha256, sha256OfFile, writeFileAtomic } from './files.js';
import { temporaryFolder } from './testing/temporary-folder.js';

test('a file is written with its folders, and nothing else stays next to it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a/b/record.json');
  await writeFileAtomic(path, 'first');
  await writeFileAtomic(path, Buffer.from('second'));
  expect(await readFile(path, 'utf8')).toBe('second');
  expect(await readdir(join(folder.path, 'a/b'))).toEqual(['record.json']);
});

test('a write that fails leaves nothing half-written and what was there before', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'taken');
  await mkdir(path);
  await writeFile(join(path, 'inside'), 'old');
  // A folder cannot be replaced by a file: the last step, the rename, fails.
  await expect(writeFileAtomic(path, 'data')).rejects.toThrow(/^E(ISDIR|EXIST|NOTEMPTY)/);
  expect(await readdir(folder.path)).toEqual(['taken']);
  expect(await readFile(join(path, 'inside'), 'utf8')).toBe('old');
});

test('data that cannot be written leaves no temporary file', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'record.json');
  // @ts-expect-error -- a caller's mistake, as in plain JavaScript
  await expect(writeFileAtomic(path, 42)).rejects.toThrow();
  expect(await readdir(folder.path)).toEqual([]);
});

test('many writers of one file leave the whole text of one of them', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'record.json');
  const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(10_000));
  await Promise.all(texts.map(async (text) => writeFileAtomic(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder.path)).toEqual(['record.json']);
});

test('a file and its content have the same SHA-256', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'data');
  await writeFile(path, 'abc');
  const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect([await sha256OfFile(path), sha256('abc')]).toEqual([known, known]);
  const piece = 2 ** 18;
  for (const size of [0, 1, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 1]) {
    const data = randomBytes(size);
    await writeFile(path, data);
    expect(await sha256OfFile(path), `${size} bytes`).toBe(sha256(data));
  }
  await expect(sha256OfFile(folder.path)).rejects.toThrow(/^EISDIR/);
});
