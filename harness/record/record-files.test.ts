import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { NAMES, record, rejectionOf, row, test } from './record.fixture.js';
import { readRecord, readRecordFolder, writeRecord, writeRecordFile } from './record-files.js';

test('a record is written below the output folder by kernel and platform', async ({ folder }) => {
  const path = await writeRecord(folder, record(), NAMES);
  expect(path).toBe(join(folder, 'records', 'debian-6.1', 'powernv9.json'));
  expect(await readRecord(path, NAMES)).toEqual(record());
  expect(await readdir(join(folder, 'records', 'debian-6.1'))).toEqual(['powernv9.json']);
});

test('a record that breaks the schema is not written', async ({ folder }) => {
  const invalid = record({}, { LPCR: row('exact', { put: 'EPERM' }) });
  const error = await rejectionOf(writeRecord(folder, invalid));
  expect(error.code).toBe('RECORD_INVALID');
  expect(await readdir(folder)).toEqual([]);
});

test('a kernel id that would leave the folder is not used as a path', async ({ folder }) => {
  const error = await rejectionOf(writeRecord(join(folder, 'out'), record({ kernel: '../..' })));
  expect(error.code).toBe('RECORD_INVALID');
  expect(error.message).toContain('cell.kernel: "../.." is not allowed');
  expect(await readdir(folder)).toEqual([]);
});

test('a full disk is reported with path and errno', async ({ folder }) => {
  const path = join(folder, 'powernv9.json');
  const error = await rejectionOf(
    writeRecordFile(path, 'text', () =>
      Promise.reject(Object.assign(new Error('write failed'), { code: 'ENOSPC' })),
    ),
  );
  expect(error.code).toBe('RECORD_NOT_WRITTEN');
  expect(error.describe()).toBe(
    `${path}: record not written: ENOSPC (no space left on device); nothing half-written is left
  cause: write failed
  hint: make room, or choose another folder with --out`,
  );
});

test('an error that is none of the file system goes on as it is', async ({ folder }) => {
  const path = join(folder, 'powernv9.json');
  const write = (): Promise<void> => Promise.reject(new TypeError('a mistake'));
  await expect(writeRecordFile(path, 'text', write)).rejects.toThrow(new TypeError('a mistake'));
});

test('a failed write leaves nothing behind and the older record as it was', async ({ folder }) => {
  await writeRecord(folder, record(), NAMES);
  const kernelFolder = join(folder, 'records', 'debian-6.1');
  // The last step, the rename, fails where a folder has the record's name.
  await mkdir(join(kernelFolder, 'powernv8.json', 'in-the-way'), { recursive: true });
  const error = await rejectionOf(writeRecord(folder, record({ platform: 'powernv8' })));
  expect(error.message).toBe(
    `${join(kernelFolder, 'powernv8.json')}: record not written: EISDIR (illegal operation on a directory); nothing half-written is left`,
  );
  expect(await readdir(kernelFolder)).toEqual(['powernv8.json', 'powernv9.json']);
  expect(await readRecord(join(kernelFolder, 'powernv9.json'))).toEqual(record());
});

test('an output folder that is a file is reported with its errno', async ({ folder }) => {
  const file = join(folder, 'out');
  await writeFile(file, 'I am a file');
  const error = await rejectionOf(writeRecord(file, record()));
  expect(error.message).toBe(
    `${join(file, 'records/debian-6.1/powernv9.json')}: record not written: ENOTDIR (not a directory); nothing half-written is left`,
  );
  expect(await readFile(file, 'utf8')).toBe('I am a file');
});

test('a record that was cut in half names file, line and column', async ({ folder }) => {
  const path = await writeRecord(folder, record());
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.slice(0, text.indexOf('"machine"')));
  const error = await rejectionOf(readRecord(path));
  expect(error.code).toBe('RECORD_INVALID');
  expect(error.message).toBe(`${path}:18:3: not JSON: the text ends too early`);
});

test('a record that is not there is a usage error', async ({ folder }) => {
  const path = join(folder, 'none.json');
  const error = await rejectionOf(readRecord(path));
  expect(error).toMatchObject({
    code: 'RECORD_NOT_READ',
    kind: 'usage',
    message: `${path}: no record can be read here: ENOENT (no such file or directory)`,
  });
  expect((await rejectionOf(readRecord(folder))).message).toBe(
    `${folder}: no record can be read here: EISDIR (illegal operation on a directory)`,
  );
});

test('all records of an output folder are read, and nothing else', async ({ folder }) => {
  const cells = [
    { kernel: 'debian-6.1', platform: 'powernv8' },
    { kernel: 'debian-6.1', platform: 'powernv9' },
    { kernel: 'debian-6.12', platform: 'powernv9' },
  ];
  for (const cell of cells.toReversed()) await writeRecord(folder, record(cell));
  await mkdir(join(folder, 'logs', 'debian-6.1'), { recursive: true });
  await writeFile(join(folder, 'records', 'README'), 'not a folder');
  await writeFile(join(folder, 'records', 'debian-6.1', 'powernv9.json.0a.part'), '{"format":');
  for (const place of [folder, join(folder, 'records')]) {
    expect((await readRecordFolder(place)).map(({ cell }) => cell)).toEqual(cells);
  }
});

test('a folder that is not there is a usage error, an empty one has no records', async ({
  folder,
}) => {
  expect(await readRecordFolder(folder)).toEqual([]);
  const error = await rejectionOf(readRecordFolder(join(folder, 'none')));
  expect(error).toMatchObject({
    kind: 'usage',
    message: `${join(folder, 'none')}: no record can be read here: ENOENT (no such file or directory)`,
  });
});

test("a record in another cell's place is refused", async ({ folder }) => {
  const path = join(folder, 'records', 'debian-6.12', 'powernv8.json');
  await mkdir(join(folder, 'records', 'debian-6.12'), { recursive: true });
  await writeFile(path, JSON.stringify(record()));
  const error = await rejectionOf(readRecordFolder(folder));
  expect(error.message).toBe(
    `${path}: not a valid record: cell.kernel: "debian-6.1", but the file lies in the folder of "debian-6.12" (and 1 more)`,
  );
});
