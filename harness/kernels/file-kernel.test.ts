import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sha256 } from '../base/files.js';
import { readFileKernel } from './file-kernel.js';
import { scanImage } from './image-scan.js';
import { BUILT_IN, fakeImage } from './testing/fake-elf.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const BANNER = 'Linux version 6.19.0-rc3-00012-g0123456+ (me@here) (gcc 12)';

test("a user's kernel is known by its release, its version and its line", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'vmlinux');
  const image = fakeImage(['Linux version %s (%s)', BANNER, ...BUILT_IN]);
  await writeFile(path, image);
  expect(await readFileKernel(path)).toEqual({
    id: `file-6.19.0-rc3-00012-g0123456+-${sha256(image).slice(0, 8)}`,
    line: '6.19',
    version: '6.19.0-rc3',
    variant: '',
    source: {
      ...{ kind: 'file', image: path, sha256: sha256(image) },
      given: { kernel: path, modules: [] },
    },
  });
});

test('a packed image is known by the name of its file', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'my kernel; rm -rf');
  await writeFile(path, fakeImage(['packed']));
  const { id, line, version } = await readFileKernel(path);
  expect(id).toMatch(/^file-my-kernel-rm--rf-[0-9a-f]{8}$/);
  expect({ line, version }).toEqual({ line: '', version: '' });
});

test('a folder of modules must be one', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'vmlinux');
  await writeFile(path, fakeImage([BANNER, ...BUILT_IN]));
  const modules = join(folder.path, 'modules');
  await expect(readFileKernel(path, { modules: [modules] })).rejects.toMatchObject({
    code: 'MODULES_MISSING',
    kind: 'usage',
    message: `--modules=${modules}: no such folder or package`,
  });
  await mkdir(modules);
  expect((await readFileKernel(path, { modules: [modules] })).source).toMatchObject({ modules });
});

test('texts of an image are found where two chunks of it meet', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'vmlinux');
  const chunk = 4 * 1024 * 1024;
  for (const before of [14, 18, 24]) {
    const image = Buffer.alloc(2 * chunk);
    image.write(BANNER, chunk - before, 'latin1');
    image.write('virtio_console', chunk + 100_000, 'latin1');
    await writeFile(path, image);
    const scan = await scanImage(path);
    expect(scan.release).toBe('6.19.0-rc3-00012-g0123456+');
    expect([...(scan.builtIn ?? [])]).toEqual(['virtio_console']);
    expect(scan.sha256).toBe(sha256(image));
  }
});

test('an image without a readable banner does not tell what is built in', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, basename('zImage'));
  await writeFile(path, fakeImage(['kvm.halt_poll_ns']));
  expect(await scanImage(path)).toMatchObject({ release: undefined, builtIn: undefined });
});
