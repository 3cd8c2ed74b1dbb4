import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sha256OfFile } from '../base/files.js';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { availableQemus } from './available-qemus.js';
import { fakeQemu } from './testing/fake-qemu.js';

const former = { qemu: process.env['SPRMATRIX_QEMU'], path: process.env['PATH'] };

test.beforeEach(() => {
  process.env['SPRMATRIX_QEMU'] = '';
});

test.afterEach(() => {
  process.env['PATH'] = former.path;
  if (former.qemu === undefined) delete process.env['SPRMATRIX_QEMU'];
  else process.env['SPRMATRIX_QEMU'] = former.qemu;
});

/** A QEMU in `folder` that tells its version. */
async function qemuIn(folder: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return (await fakeQemu(folder, `echo 'QEMU emulator version ${version}'`)).path;
}

/** A cache with one fetched QEMU. */
async function cacheWith(folder: string, version: string): Promise<string> {
  const path = await qemuIn(join(folder, 'qemu/sid-0123456789abcdef'), version);
  const files = [{ path: 'qemu-system-ppc64', sha256: await sha256OfFile(path) }];
  await writeFile(join(path, '../SHA256SUMS.json'), JSON.stringify({ version, files }));
  return path;
}

test('QEMUs that are named are the only ones', async () => {
  await using folder = await temporaryFolder();
  await cacheWith(folder.path, '11.1.3');
  const a = await qemuIn(join(folder.path, 'a'), '9.0.0');
  const b = await qemuIn(join(folder.path, 'b'), '9.1.0');
  expect(await availableQemus([a, b], folder.path)).toEqual([
    { path: a, version: '9.0.0' },
    { path: b, version: '9.1.0' },
  ]);
  process.env['SPRMATRIX_QEMU'] = a;
  expect(await availableQemus([], folder.path)).toEqual([{ path: a, version: '9.0.0' }]);
});

test("this machine's own QEMU is followed by those that were fetched", async () => {
  await using folder = await temporaryFolder();
  const fetched = await cacheWith(folder.path, '11.1.3');
  await qemuIn(join(folder.path, 'bin'), '7.2.22');
  process.env['PATH'] = `${join(folder.path, 'bin')}:${former.path ?? ''}`;
  expect(await availableQemus([], folder.path)).toEqual([
    { path: 'qemu-system-ppc64', version: '7.2.22' },
    { path: fetched, version: '11.1.3' },
  ]);
});

test('a fetched QEMU is enough; without any, the one that is missing is reported', async () => {
  await using folder = await temporaryFolder();
  process.env['PATH'] = folder.path;
  expect((await rejectionOf(availableQemus([], folder.path))).code).toBe('QEMU_MISSING');
  const path = await cacheWith(folder.path, '10.0.2');
  expect(await availableQemus([], folder.path)).toEqual([{ path, version: '10.0.2' }]);
});

test('a fetched QEMU that is damaged is not used', async () => {
  await using folder = await temporaryFolder();
  const path = await cacheWith(folder.path, '10.0.2');
  await qemuIn(join(folder.path, 'bin'), '7.2.22');
  process.env['PATH'] = `${join(folder.path, 'bin')}:${former.path ?? ''}`;
  await writeFile(path, '#!/bin/sh\nexit 1\n');
  await chmod(path, 0o755);
  expect((await availableQemus([], folder.path)).map(({ version }) => version)).toEqual(['7.2.22']);
});

test('a fetched QEMU that no cell wants is not read', async () => {
  await using folder = await temporaryFolder();
  const path = await cacheWith(folder.path, '10.0.2');
  await qemuIn(join(folder.path, 'bin'), '7.2.22');
  process.env['PATH'] = `${join(folder.path, 'bin')}:${former.path ?? ''}`;
  await writeFile(path, 'damaged, and nobody looks');
  const own = await availableQemus([], folder.path, (qemus) => qemus.slice(0, 1));
  expect(own.map(({ version }) => version)).toEqual(['7.2.22', '10.0.2']);
});
