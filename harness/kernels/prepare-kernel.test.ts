import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { runTool } from '../base/tool.js';
import { loadCatalogue } from './catalogue.js';
import { readFileKernel } from './file-kernel.js';
import type { DebianPackage } from './kernel-catalogue.generated.js';
import type { PrepareOptions } from './prepare-kernel.js';
import { kernelSources } from './kernel-sources.js';
import { prepareKernel } from './prepare-kernel.js';
import { debianKernel, FakeArchive, makeDeb } from './testing/fake-archive.js';
import { BUILT_IN, fakeImage, fakeModule } from './testing/fake-elf.js';
import { BOOKWORM } from './testing/indexes.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const RELEASE = '6.1.0-50-powerpc64le';
const IMAGE = fakeImage([`Linux version ${RELEASE} (debian-kernel)`]);
const MODULES = `lib/modules/${RELEASE}`;
const KVM = `${MODULES}/kernel/arch/powerpc/kvm`;
const VIRTIO = `${MODULES}/kernel/drivers/virtio`;

/** One package that is the whole kernel, as in bookworm; dependencies stand in other folders too. */
const WHOLE: Readonly<Record<string, Buffer | string>> = {
  [`boot/vmlinux-${RELEASE}`]: IMAGE,
  [`boot/System.map-${RELEASE}`]: 'not needed',
  [`${MODULES}/modules.builtin`]: 'kernel/lib/crc.ko\n',
  [`${KVM}/kvm.ko`]: fakeModule(['irqbypass']),
  [`${KVM}/kvm-hv.ko`]: fakeModule(['kvm']),
  [`${MODULES}/kernel/virt/lib/irqbypass.ko`]: fakeModule(),
  [`${VIRTIO}/virtio.ko`]: fakeModule(),
  [`${VIRTIO}/virtio_ring.ko`]: fakeModule(['virtio']),
  [`${VIRTIO}/virtio_pci.ko`]: fakeModule(['virtio_ring', 'virtio']),
  [`${VIRTIO}/virtio_input.ko`]: fakeModule(['virtio']),
  [`${MODULES}/kernel/drivers/char/virtio_console.ko`]: fakeModule(['virtio-ring', 'virtio']),
};

interface Given extends AsyncDisposable {
  readonly debs: string;
  readonly kernels: string;
  readonly archive: FakeArchive;
  readonly notices: string[];
  readonly said: string[];
  readonly options: PrepareOptions;
}

async function setUp(): Promise<Given> {
  const folder = await temporaryFolder();
  const debs = join(folder.path, 'debs');
  await mkdir(debs);
  const archive = new FakeArchive(debs);
  const notices: string[] = [];
  const said: string[] = [];
  return {
    debs,
    kernels: join(folder.path, 'cache/kernels'),
    archive,
    notices,
    said,
    options: {
      source: archive,
      mirror: 'file:/srv/debian',
      cacheFolder: join(folder.path, 'cache'),
      onNotice: (message) => notices.push(message),
      onProgress: (text) => said.push(text),
    },
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
}

const names = (paths: readonly string[]): string[] => paths.map((path) => basename(path));
const without = (part: string): Record<string, Buffer | string> =>
  Object.fromEntries(Object.entries(WHOLE).filter(([path]) => !path.includes(part)));

test('a kernel in one package is fetched, and only what is needed is kept', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE);
  const kernel = await prepareKernel(debianKernel([pkg]), given.options);
  expect(kernel).toMatchObject({
    id: 'debian-6.1',
    byteOrder: 'little',
    package: { name: `linux-image-${RELEASE}`, version: '6.1.176-1' },
  });
  expect(await readFile(kernel.image)).toEqual(IMAGE);
  expect(names(kernel.channelModules)).toEqual([
    'virtio.ko',
    'virtio_ring.ko',
    'virtio_pci.ko',
    'virtio_console.ko',
  ]);
  expect(names(kernel.kvmModules)).toEqual(['irqbypass.ko', 'kvm.ko', 'kvm-hv.ko']);
  const [entry = ''] = await readdir(given.kernels);
  expect(entry).toMatch(/^debian-6\.1-[0-9a-f]{16}$/);
  expect((await readdir(join(given.kernels, entry), { recursive: true })).sort()).toEqual([
    'manifest.json',
    'modules',
    'modules/irqbypass.ko',
    'modules/kvm-hv.ko',
    'modules/kvm.ko',
    'modules/virtio.ko',
    'modules/virtio_console.ko',
    'modules/virtio_pci.ko',
    'modules/virtio_ring.ko',
    'vmlinux',
  ]);
  expect(given.said).toEqual([
    'debian-6.1: fetching, 50 % of 0 MB',
    'debian-6.1: fetching, 100 % of 0 MB',
    'debian-6.1: unpacking',
  ]);
});

test('a kernel in parts is put together, and packed modules are unpacked', async () => {
  await using given = await setUp();
  const folder = 'usr/lib/modules/7.2.13-powerpc64le';
  const hv = join(given.debs, 'kvm-hv.ko');
  await writeFile(hv, fakeModule(['kvm']));
  await runTool('xz', ['--check=crc32', hv]);
  const binary = await makeDeb(given.debs, 'linux-binary-7.2.13', { [`${folder}/vmlinuz`]: IMAGE });
  const modules = await makeDeb(given.debs, 'linux-modules-7.2.13', {
    [`${folder}/modules.builtin`]:
      'kernel/drivers/virtio/virtio_pci.ko\nkernel/drivers/char/virtio_console.ko\n',
    [`${folder}/kernel/arch/powerpc/kvm/kvm.ko.gz`]: gzipSync(fakeModule()),
    [`${folder}/kernel/arch/powerpc/kvm/kvm-hv.ko.xz`]: await readFile(`${hv}.xz`),
  });
  const kernel = await prepareKernel(debianKernel([binary, modules], 'debian-7.2'), given.options);
  expect(kernel.package).toEqual({ name: 'linux-binary-7.2.13', version: '6.1.176-1' });
  expect(await readFile(kernel.image)).toEqual(IMAGE);
  expect(kernel.channelModules).toEqual([]);
  expect(names(kernel.kvmModules)).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(await readFile(kernel.kvmModules[1] ?? '')).toEqual(fakeModule(['kvm']));
});

test('a kernel that is in the cache is not fetched again', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE);
  const first = await prepareKernel(debianKernel([pkg]), given.options);
  expect(await prepareKernel(debianKernel([pkg]), given.options)).toEqual(first);
  expect(given.archive.packagesFetched).toHaveLength(1);
});

test('a cache file that is cut in half is found, and the kernel is fetched again', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE);
  const first = await prepareKernel(debianKernel([pkg]), given.options);
  await truncate(first.image, Math.floor(IMAGE.length / 2));
  expect(await prepareKernel(debianKernel([pkg]), given.options)).toEqual(first);
  expect(await readFile(first.image)).toEqual(IMAGE);
  expect(given.archive.packagesFetched).toHaveLength(2);
  expect(given.notices).toEqual([
    'debian-6.1: its cache entry is damaged (vmlinux is not what was written) and is made again',
  ]);
});

test('two runs at once fetch a kernel once', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE);
  const both = await Promise.all([
    prepareKernel(debianKernel([pkg]), given.options),
    prepareKernel(debianKernel([pkg]), given.options),
  ]);
  expect(both[0]).toEqual(both[1]);
  expect(given.archive.packagesFetched).toHaveLength(1);
});

test('a fetch that is interrupted leaves nothing', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE);
  const stop = new AbortController();
  given.archive.duringFetch = () => {
    stop.abort();
  };
  const options = { ...given.options, signal: stop.signal };
  await expect(prepareKernel(debianKernel([pkg]), options)).rejects.toMatchObject({
    code: 'ABORTED',
    message: 'debian-6.1: interrupted',
  });
  expect(await readdir(given.kernels)).toEqual([]);
});

test('an unpacking that is interrupted leaves nothing', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE);
  const stop = new AbortController();
  const options: PrepareOptions = {
    ...given.options,
    signal: stop.signal,
    onProgress: (text) => {
      if (text.endsWith('unpacking'))
        setTimeout(() => {
          stop.abort();
        }, 5);
    },
  };
  await expect(prepareKernel(debianKernel([pkg]), options)).rejects.toMatchObject({
    code: 'ABORTED',
    message: 'debian-6.1: interrupted',
  });
  expect(await readdir(given.kernels)).toEqual([]);
});

test('a package without KVM is refused and leaves nothing', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, without('/kvm'));
  await expect(prepareKernel(debianKernel([pkg]), given.options)).rejects.toMatchObject({
    code: 'KERNEL_WITHOUT_KVM',
    message: 'debian-6.1 has no KVM: it is not built in, and there is no module kvm_hv or kvm_pr',
  });
  expect(await readdir(given.kernels)).toEqual([]);
});

test('a package without a module that is needed is refused by its name', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, without('virtio_ring'));
  await expect(prepareKernel(debianKernel([pkg]), given.options)).rejects.toMatchObject({
    code: 'MODULE_MISSING',
    message: 'debian-6.1 has no module virtio_ring, which module virtio_pci needs',
  });
});

test('a package without an image is refused', async () => {
  await using given = await setUp();
  const pkg = await makeDeb(given.debs, `linux-image-${RELEASE}`, without('vmlinux'));
  await expect(prepareKernel(debianKernel([pkg]), given.options)).rejects.toMatchObject({
    code: 'PACKAGE_INVALID',
    message: `debian-6.1: there is no kernel image in linux-image-${RELEASE}`,
  });
});

test('when the mirror has replaced a package, the newer one of the line is taken with a notice', async () => {
  await using given = await setUp();
  const gone: DebianPackage = {
    ...(await makeDeb(given.debs, 'linux-image-x', {})),
    name: 'linux-image-6.1.0-47-powerpc64le',
    version: '6.1.170-3',
    sha256: 'a'.repeat(64),
  };
  await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE);
  given.archive.suites = { bookworm: BOOKWORM };
  const kernel = await prepareKernel(debianKernel([gone]), given.options);
  expect(kernel.package).toEqual({ name: `linux-image-${RELEASE}`, version: '6.1.176-1' });
  expect(given.notices).toEqual(['debian-6.1: the mirror has replaced 6.1.170-3 by 6.1.176-1']);
});

test('when the mirror has neither the newest nor a newer one, the newest that it has is taken', async () => {
  await using given = await setUp();
  // A list of all suites is kept for the day.
  const others = kernelSources().debian.suites.map((suite) => [suite, ''] as const);
  given.archive.suites = { ...Object.fromEntries(others), bookworm: BOOKWORM };
  const gone = (name: string): DebianPackage => ({
    ...{ name, version: '6.1.176-1', filename: `pool/${name}.deb`, size: 1000 },
    sha256: 'a'.repeat(64),
  });
  const there = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE, '6.1.95-1~bpo12+1');
  const { source, ...kernel } = debianKernel([gone('linux-image-x')]);
  const older = [
    { version: '6.1.100', suite: 'trixie', packages: [gone('linux-image-y')] },
    { version: '6.1.95', suite: 'bookworm-backports', packages: [there] },
  ];
  const prepared = await prepareKernel({ ...kernel, source: { ...source, older } }, given.options);
  expect(prepared.package).toEqual({ name: there.name, version: '6.1.95-1~bpo12+1' });
  expect(given.notices).toEqual([
    "debian-6.1: the mirror's index of bookworm names 6.1.176-1, which is not there; 6.1.95-1~bpo12+1 of bookworm-backports is taken",
  ]);
  // The list of the day is right from now on: nobody asks for the missing one again.
  const { kernels } = await loadCatalogue(given.options);
  expect(kernels.find(({ id }) => id === 'debian-6.1')).toMatchObject({
    version: '6.1.95',
    source: { suite: 'bookworm-backports', packages: [there], older: [] },
  });
});

test('a list that was just read is not read again for the next package that the mirror does not have', async () => {
  await using given = await setUp();
  const others = kernelSources().debian.suites.map((suite) => [suite, ''] as const);
  given.archive.suites = { ...Object.fromEntries(others), bookworm: BOOKWORM };
  await loadCatalogue(given.options);
  const read = [...given.archive.suitesRead];
  const gone: DebianPackage = {
    ...(await makeDeb(given.debs, 'linux-image-x', {})),
    ...{ name: 'linux-image-gone', sha256: 'a'.repeat(64) },
  };
  const there = await makeDeb(given.debs, `linux-image-${RELEASE}`, WHOLE, '6.1.95-1~bpo12+1');
  const { source, ...kernel } = debianKernel([gone]);
  const older = [{ version: '6.1.95', suite: 'bookworm-backports', packages: [there] }];
  const prepared = await prepareKernel({ ...kernel, source: { ...source, older } }, given.options);
  expect(prepared.package?.version).toBe('6.1.95-1~bpo12+1');
  expect(given.archive.suitesRead).toEqual(read);
});

test('a package that the mirror does not have, and has nothing else for, is an error', async () => {
  await using given = await setUp();
  given.archive.suites = { bookworm: BOOKWORM };
  const gone: DebianPackage = {
    ...(await makeDeb(given.debs, 'linux-image-x', {})),
    name: `linux-image-${RELEASE}`,
  };
  await expect(prepareKernel(debianKernel([gone]), given.options)).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: `linux-image-${RELEASE} 6.1.176-1: 404  Not Found`,
  });
});

test("a user's kernel with modules in a folder is ready with those that are needed", async () => {
  await using given = await setUp();
  const image = join(given.debs, 'vmlinux');
  await writeFile(image, fakeImage([`Linux version ${RELEASE} (me)`]));
  const modules = join(given.debs, 'modules');
  for (const [path, content] of Object.entries(WHOLE)) {
    await mkdir(join(modules, path, '..'), { recursive: true });
    await writeFile(join(modules, path), content);
  }
  const kernel = await prepareKernel(
    await readFileKernel(image, { modules: [modules] }),
    given.options,
  );
  expect(kernel).toMatchObject({ image, package: null });
  expect(names(kernel.kvmModules)).toEqual(['irqbypass.ko', 'kvm.ko', 'kvm-hv.ko']);
  expect(kernel.channelModules).toHaveLength(4);
});

test("a plain folder of .ko files does for a user's kernel", async () => {
  await using given = await setUp();
  const image = join(given.debs, 'vmlinux');
  await writeFile(image, fakeImage(['Linux version 6.1.0 (me)', 'virtio-pci', 'virtio_console']));
  const modules = join(given.debs, 'plain');
  await mkdir(modules);
  await writeFile(join(modules, 'kvm.ko'), fakeModule());
  await writeFile(join(modules, 'kvm-hv.ko'), fakeModule(['kvm']));
  const kernel = await prepareKernel(
    await readFileKernel(image, { modules: [modules] }),
    given.options,
  );
  expect(names(kernel.kvmModules)).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(kernel.channelModules).toEqual([]);
});

test("a user's kernel with everything built in needs no cache", async () => {
  await using given = await setUp();
  const image = join(given.debs, 'vmlinux');
  const texts = ['Linux version 6.1.0 (me)', 'kvm.halt_poll_ns', 'virtio-pci', 'virtio_console'];
  await writeFile(image, fakeImage(texts, { isLittle: false }));
  const kernel = await prepareKernel(await readFileKernel(image), given.options);
  expect(kernel).toMatchObject({ image, byteOrder: 'big', channelModules: [], kvmModules: [] });
  await expect(stat(given.kernels)).rejects.toMatchObject({ code: 'ENOENT' });
});

test("a user's kernel without KVM is refused when it is selected, one without virtio is none the less asked", async () => {
  await using given = await setUp();
  const image = join(given.debs, 'vmlinux');
  await writeFile(image, fakeImage(['Linux version 6.1.0 (me)', 'virtio-pci', 'virtio_console']));
  await expect(readFileKernel(image)).rejects.toMatchObject({
    code: 'KERNEL_WITHOUT_KVM',
    kind: 'usage',
    message: `${image} has no KVM: it is not built in, and there is no module kvm_hv or kvm_pr`,
  });
  const withoutVirtio = BUILT_IN.filter((text) => text !== 'virtio_console');
  expect(withoutVirtio.length).toBe(BUILT_IN.length - 1);
  await writeFile(image, fakeImage(['Linux version 6.1.0 (me)', ...withoutVirtio]));
  const kernel = await prepareKernel(await readFileKernel(image), given.options);
  expect(kernel.channelModules).toEqual([]);
});

test("a user's kernel that changed since it was selected is refused", async () => {
  await using given = await setUp();
  const image = join(given.debs, 'vmlinux');
  await writeFile(image, fakeImage(['Linux version 6.1.0 (me)', ...BUILT_IN]));
  const entry = await readFileKernel(image);
  await writeFile(image, fakeImage(['Linux version 6.1.1 (me)']));
  await expect(prepareKernel(entry, given.options)).rejects.toMatchObject({
    code: 'KERNEL_CHANGED',
    message: `${image} changed since it was selected`,
  });
});
