import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { fetchedQemus } from './newer-qemu.js';
import type { Platform } from './platforms.js';
import { fetchRestoringQemu } from './restoring-qemu.js';
import { fakeQemu } from './testing/fake-qemu.js';
import type { QemuArchive } from './testing/qemu-archive.js';
import { qemuArchive, WHOLE } from './testing/qemu-archive.js';

const former = { path: process.env['PATH'], qemu: process.env['SPRMATRIX_QEMU'] };
const mirror = 'file:/srv/debian/';
const platforms = [
  { isDefault: true, cold: [{ qemu: '<10', reason: 'hangs' }] },
  { isDefault: false, cold: [{ reason: 'never' }] },
] as unknown as Platform[];

test.beforeEach(() => {
  delete process.env['SPRMATRIX_QEMU'];
});

test.afterEach(() => {
  process.env['PATH'] = former.path;
  if (former.qemu !== undefined) process.env['SPRMATRIX_QEMU'] = former.qemu;
});

/** An archive with QEMU 10.0.2, on a machine whose own QEMU says that it is `version`. */
async function machineWith(
  version: string,
  folder: string,
  files: Readonly<Record<string, string>> = WHOLE,
): Promise<QemuArchive> {
  const archive = await qemuArchive(folder, files);
  const bin = join(folder, 'own');
  await mkdir(bin);
  await fakeQemu(bin, `echo 'QEMU emulator version ${version}'`);
  process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
  return archive;
}

test('where the own QEMU restores no machines, one that does is fetched, once', async () => {
  await using folder = await temporaryFolder();
  const archive = await machineWith('7.2.22', folder.path);
  const reasons: string[] = [];
  const options = { ...archive, mirror, platforms, onFetch: (why: string) => reasons.push(why) };
  const qemu = await fetchRestoringQemu(options);
  expect(qemu?.version).toBe('10.0.2');
  expect(await fetchedQemus(archive.cacheFolder)).toEqual([qemu]);
  expect(await fetchRestoringQemu(options)).toBeUndefined();
  expect(reasons).toEqual(['7.2.22 restores no machines']);
});

test('where the own QEMU restores machines, or another is named, none is fetched', async () => {
  await using folder = await temporaryFolder();
  const archive = await machineWith('10.0.13', folder.path);
  const options = { ...archive, mirror, platforms };
  expect(await fetchRestoringQemu(options)).toBeUndefined();
  await using other = await temporaryFolder();
  await machineWith('7.2.22', other.path);
  process.env['SPRMATRIX_QEMU'] = '/nowhere/qemu';
  expect(await fetchRestoringQemu(options)).toBeUndefined();
  expect(await fetchedQemus(archive.cacheFolder)).toEqual([]);
});

test('what cannot be had fails once, and is asked for again after a day, or when a person asks', async () => {
  await using folder = await temporaryFolder();
  const files = Object.fromEntries(Object.entries(WHOLE).filter(([path]) => !path.includes('ld-')));
  const archive = await machineWith('7.2.22', folder.path, files);
  const options = { ...archive, mirror, platforms };
  const fail = async (isAskedAgain = false): Promise<string> =>
    (await rejectionOf(fetchRestoringQemu({ ...options, isAskedAgain }))).code;
  const first = await fail();
  expect(first).toBe('QEMU_PACKAGE_INVALID');
  expect(await fetchRestoringQemu(options)).toBeUndefined();
  expect(await fail(true)).toBe(first);
  const dayBefore = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(archive.cacheFolder, 'qemu/.refused'), dayBefore, dayBefore);
  expect(await fail()).toBe(first);
});
