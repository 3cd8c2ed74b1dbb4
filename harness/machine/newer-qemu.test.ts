import { cp, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { runTool } from '../base/tool.js';
import { fetchedQemus, fetchQemu, isWhole } from './newer-qemu.js';
import { LOADER, qemuArchive, SUITE, WHOLE } from './testing/qemu-archive.js';

const former = process.env['PATH'];

test.afterEach(() => {
  process.env['PATH'] = former;
});

const mirror = 'file:/srv/debian/';

test('a suite has its QEMU unpacked with its own loader, libraries and firmware', async () => {
  await using folder = await temporaryFolder();
  const { packages, cacheFolder, calls } = await qemuArchive(folder.path, WHOLE);
  const qemu = await fetchQemu(packages, SUITE, { mirror, cacheFolder });
  expect(qemu.version).toBe('10.0.2');
  const entry = join(qemu.path, '..');
  expect((await readdir(entry, { recursive: true })).sort()).toEqual([
    ...['SHA256SUMS.json', 'bin', 'bin/qemu-system-ppc64', 'lib', 'lib/libx.so.1', 'lib/loader'],
    ...['qemu-system-ppc64', 'share', 'share/skiboot.lid', 'share/vof.bin'],
  ]);
  expect(await fetchedQemus(cacheFolder)).toEqual([qemu]);
  expect(await readdir(join(cacheFolder, 'qemu'))).toHaveLength(1);
  const install = (await calls()).find((call) => call.includes('--download-only'));
  expect(install).toContain('-t new install --yes --no-install-recommends qemu-system-ppc');
});

test('what is there already is not fetched again; what is damaged is', async () => {
  await using folder = await temporaryFolder();
  const { packages, cacheFolder, calls } = await qemuArchive(folder.path, WHOLE);
  const downloads = async (): Promise<number> =>
    (await calls()).filter((call) => call.includes('--download-only')).length;
  const qemu = await fetchQemu(packages, SUITE, { mirror, cacheFolder });
  expect(await fetchQemu(packages, SUITE, { mirror, cacheFolder })).toEqual(qemu);
  expect(await downloads()).toBe(1);
  expect(await isWhole(qemu)).toBe(true);
  await writeFile(join(qemu.path, '../lib/libx.so.1'), 'cut');
  expect(await isWhole(qemu)).toBe(false);
  expect(await fetchQemu(packages, SUITE, { mirror, cacheFolder })).toEqual(qemu);
  expect(await downloads()).toBe(2);
});

test('the launcher runs wherever the cache is moved to', async () => {
  await using folder = await temporaryFolder();
  const { packages, cacheFolder } = await qemuArchive(folder.path, WHOLE);
  await fetchQemu(packages, SUITE, { mirror, cacheFolder });
  const moved = join(folder.path, 'moved');
  await cp(cacheFolder, moved, { recursive: true });
  const [qemu] = await fetchedQemus(moved);
  expect(await runTool(qemu?.path ?? '', ['--version'])).toContain('10.0.2');
});

test('packages without their dynamic loader are reported, and nothing is left', async () => {
  await using folder = await temporaryFolder();
  const files = Object.fromEntries(Object.entries(WHOLE).filter(([path]) => !path.includes('ld-')));
  const { packages, cacheFolder } = await qemuArchive(folder.path, files);
  const error = await rejectionOf(fetchQemu(packages, SUITE, { mirror, cacheFolder }));
  expect([error.code, error.message]).toEqual([
    'QEMU_PACKAGE_INVALID',
    'new: its QEMU cannot be used: the dynamic loader is not in the packages',
  ]);
  expect(await readdir(join(cacheFolder, 'qemu'))).toEqual([]);
});

test('a library that is found outside of the packages is not taken', async () => {
  await using folder = await temporaryFolder();
  const loader = LOADER.replace('$here/lib', '/usr/lib');
  const { packages, cacheFolder } = await qemuArchive(folder.path, {
    ...WHOLE,
    'lib64/ld-fake.so.2': loader,
  });
  const error = await rejectionOf(fetchQemu(packages, SUITE, { mirror, cacheFolder }));
  expect(error.message).toBe(
    'new: its QEMU cannot be used: a library is not in the packages: /usr/lib/x86_64-linux-gnu/libx.so.1',
  );
});

test('no cache is no QEMU', async () => {
  await using folder = await temporaryFolder();
  await symlink('/nowhere', join(folder.path, 'qemu'));
  expect(await fetchedQemus(folder.path)).toEqual([]);
});
