import { mkdir, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import type { SprmatrixError } from '../../base/error.js';
import { sha256 } from '../../base/files.js';
import { isNameSelected } from '../../base/selectors.js';
import { runTool } from '../../base/tool.js';
import { skipWithout } from '../../base/testing/skip-without.js';
import { readPathKernel } from '../file-kernel.js';
import type { FileSource, KernelEntry } from '../kernel-entry.js';
import { prepareKernel } from '../prepare-kernel.js';
import { makeDeb } from '../testing/fake-archive.js';
import {
  BUILT_IN,
  fakeDebugFile,
  fakeImage,
  fakeModule,
  fakeWrapper,
} from '../testing/fake-elf.js';
import { makeRpm } from '../testing/fake-rpm.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { plainImage } from './plain-image.js';
import { unpackRoot } from './unpacked-root.js';

const RELEASE = '6.12.95-test';
const CHANNEL = ['virtio-pci', 'virtio_console'];
const MODULAR = fakeImage([`Linux version ${RELEASE} (me)`, ...CHANNEL]);
const WHOLE = fakeImage([`Linux version ${RELEASE} (me)`, ...BUILT_IN]);
const at = (name: string, release = RELEASE): string => `lib/modules/${release}/${name}`;
const KVM = {
  [at('kernel/arch/powerpc/kvm/kvm.ko')]: fakeModule(),
  [at('kernel/arch/powerpc/kvm/kvm-hv.ko')]: fakeModule(['kvm']),
  [at('modules.builtin')]: 'kernel/virtio_pci.ko\nkernel/virtio_console.ko\n',
};

/** KVM's modules at other paths. */
const kvmAt = (place: (path: string) => string): Record<string, Buffer | string> =>
  Object.fromEntries(Object.entries(KVM).map(([path, content]) => [place(path), content] as const));

interface Given {
  readonly at: (name: string) => string;
  readonly notices: string[];
  readonly read: (path: string, ...modules: string[]) => Promise<KernelEntry>;
  /** Names of KVM's modules that would be loaded, each with where it came from. */
  readonly kvm: (path: string, ...modules: string[]) => Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function setUp(files: Readonly<Record<string, Buffer | string>> = {}): Promise<Given> {
  const folder = await temporaryFolder();
  const within = (name: string): string => join(folder.path, name);
  await writeFiles(folder.path, files);
  const notices: string[] = [];
  const options = {
    cacheFolder: within('cache'),
    onNotice: (text: string): void => void notices.push(text),
  };
  const read = async (path: string, ...modules: string[]): Promise<KernelEntry> =>
    readPathKernel(path, { ...options, ...(modules.length > 0 ? { modules } : {}) });
  return {
    ...{ at: within, notices, read },
    kvm: async (path, ...modules) => {
      const { kvmModules } = await prepareKernel(await read(path, ...modules), options);
      return kvmModules.map((module) => module.replace(/^.*\//, ''));
    },
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
}

async function writeFiles(
  top: string,
  files: Readonly<Record<string, Buffer | string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(top, name)), { recursive: true });
    await writeFile(join(top, name), content);
  }
}

const faultOf = async (work: Promise<unknown>): Promise<SprmatrixError> => {
  try {
    await work;
  } catch (error) {
    return error as SprmatrixError;
  }
  throw new Error('it was taken');
};
const fileOf = ({ source }: KernelEntry): FileSource => source as FileSource;

for (const [form, name, command] of [
  ['gzip', 'vmlinux.gz', ['gzip', '-k']],
  ['xz', 'vmlinux.xz', ['xz', '-k']],
  ['zstd', 'vmlinux.zst', ['zstd', '-q', '-k']],
  ['bzip2', 'vmlinux.bz2', ['bzip2', '-k']],
  ['lz4', 'vmlinux.lz4', ['lz4', '-q', '-k', '-m']],
] as const) {
  test(`an image packed with ${form} is the image in it, whatever its name`, async () => {
    const [program, ...args] = command;
    await skipWithout(program);
    await using given = await setUp({ vmlinux: WHOLE });
    await runTool(program, [...args, given.at('vmlinux')]);
    await runTool('mv', [given.at(name), given.at('linux.img')]);
    const entry = await given.read(given.at('linux.img'));
    expect(entry).toEqual({
      ...(await given.read(given.at('vmlinux'))),
      source: {
        ...{ kind: 'file', image: expect.stringContaining('/cache/images/vmlinux-') },
        sha256: fileOf(entry).sha256,
        given: { kernel: given.at('linux.img'), modules: [] },
      },
    });
  });
}

test('the kernel in a boot wrapper, which is 32-bit and big endian, is taken out and unpacked', async () => {
  await using given = await setUp({ 'zImage.pseries': fakeWrapper(gzipSync(WHOLE)) });
  const entry = await given.read(given.at('zImage.pseries'));
  expect(entry.version).toBe('6.12.95');
  expect(fileOf(entry).sha256).toBe(sha256(WHOLE));
});

test('a big-endian kernel, in its wrapper or not, is a variant of its own, which what is known of such kernels means', async () => {
  const big = fakeImage([`Linux version ${RELEASE} (me)`, ...BUILT_IN], { isLittle: false });
  await using given = await setUp({ 'zImage.epapr': fakeWrapper(gzipSync(big)), vmlinux: big });
  const id = `file-${RELEASE}-${sha256(big).slice(0, 8)}-be`;
  for (const name of ['zImage.epapr', 'vmlinux']) {
    expect(await given.read(given.at(name))).toMatchObject({ id, variant: 'be' });
  }
  expect(isNameSelected('*-be', id)).toBe(true);
});

const FOREIGN: readonly (readonly [string, Buffer | string, string, string?])[] = [
  [
    'an x86 bzImage',
    Buffer.concat([Buffer.alloc(0x202), Buffer.from('HdrS'), Buffer.alloc(600)]),
    'it is an x86 bzImage',
    'take the kernel of a ppc64 or ppc64le system',
  ],
  [
    'a Git LFS pointer',
    'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    'it is a Git LFS pointer',
    '`git lfs pull` fetches the file that it stands for',
  ],
  [
    'an HTML page',
    '<!DOCTYPE html>\n<html><body>404</body></html>',
    'it is an HTML page',
    'a server answers with a page where there is no such file, or asks to log in: take the address of the file itself',
  ],
  ['a text', '#!/bin/sh\n', 'it is a text file'],
  ['an empty file', '', 'it is no format that is known (it is empty)'],
  [
    'noise',
    Buffer.from([1, 2, 3, 4, 5]),
    'it is no format that is known (it begins with 0x01 0x02 0x03 0x04)',
  ],
];
for (const [what, content, why, hint] of FOREIGN) {
  test(`${what} named vmlinux is called what it is`, async () => {
    await using given = await setUp({ vmlinux: content });
    expect(await faultOf(given.read(given.at('vmlinux')))).toMatchObject({
      ...{ code: 'NOT_A_KERNEL', kind: 'usage' },
      message: `${given.at('vmlinux')} is not a kernel: ${why}`,
      ...(hint === undefined ? {} : { hint }),
    });
  });
}

test('an image that is cut off is refused before it is booted', async () => {
  await using given = await setUp({ vmlinux: WHOLE });
  // In what is loaded, and in the table of what is loaded.
  for (const [bytes, whole] of [
    [WHOLE.length - 10, WHOLE.length],
    [100, 120],
  ] as const) {
    await truncate(given.at('vmlinux'), bytes);
    expect(await faultOf(given.read(given.at('vmlinux')))).toMatchObject({
      message: `${given.at('vmlinux')} is not a kernel: it is cut off: ${bytes} of at least ${whole} bytes`,
    });
  }
});

test('debug information without code is refused', async () => {
  const split = Buffer.from(WHOLE);
  split.writeBigUInt64LE(0n, 64 + 32);
  await using given = await setUp({ 'vmlinux.debug': split, vmlinux: fakeDebugFile(WHOLE) });
  for (const name of ['vmlinux.debug', 'vmlinux']) {
    expect((await faultOf(given.read(given.at(name)))).message).toBe(
      `${given.at(name)} is not a kernel: it is debug information without code`,
    );
  }
});

test('of an image that is larger than QEMU takes, a copy without its sections is booted', async () => {
  await using given = await setUp({ vmlinux: WHOLE });
  await truncate(given.at('vmlinux'), 140 * 2 ** 20);
  const entry = await given.read(given.at('vmlinux'));
  const kernel = await prepareKernel(entry, { cacheFolder: given.at('cache') });
  expect(kernel).toMatchObject({
    image: given.at(`cache/images/loaded-${fileOf(entry).sha256}`),
    sha256: fileOf(entry).sha256,
  });
  // It is the same kernel, and no more than what is loaded of it.
  expect(await given.read(kernel.image)).toMatchObject({ version: '6.12.95' });
});

test('the modules of an image are found where a distribution and a build put them', async () => {
  for (const [image, modules] of [
    [`boot/vmlinuz-${RELEASE}`, `lib/modules/${RELEASE}`],
    [`boot/vmlinux-${RELEASE}`, `usr/lib/modules/${RELEASE}`],
    [`lib/modules/${RELEASE}/vmlinuz`, `lib/modules/${RELEASE}`],
    ['vmlinux', `lib/modules/${RELEASE}`],
    ['vmlinux', `modules/${RELEASE}`],
  ] as const) {
    await using given = await setUp({ [image]: MODULAR });
    const moved = kvmAt((path) => path.replace(at('').slice(0, -1), modules));
    await writeFiles(given.at('.'), moved);
    expect(await given.kvm(given.at(image)), image).toEqual(['kvm.ko', 'kvm-hv.ko']);
  }
});

test('a folder of another name next to an image is taken when its modules, packed or not, are of its release', async () => {
  for (const [release, code] of [
    [RELEASE, undefined],
    ['6.1.0-old', 'KERNEL_WITHOUT_KVM'],
  ] as const) {
    await using given = await setUp({
      ...{ vmlinuz: MODULAR, 'modules/kernel/kvm.ko.gz': gzipSync(fakeModule([], release)) },
      'modules/kernel/kvm-hv.ko.gz': gzipSync(fakeModule(['kvm'], release)),
    });
    const asked = given.kvm(given.at('vmlinuz'));
    if (code === undefined) expect(await asked).toEqual(['kvm.ko', 'kvm-hv.ko']);
    else expect((await faultOf(asked)).code).toBe(code);
  }
});

test('an image whose modules are nowhere says which option it lacks', async () => {
  await using given = await setUp({ vmlinuz: MODULAR });
  expect(await faultOf(given.read(given.at('vmlinuz')))).toMatchObject({
    ...{ code: 'KERNEL_WITHOUT_KVM', kind: 'usage' },
    message: `${given.at('vmlinuz')} has no KVM: it is not built in, and there is no module kvm_hv or kvm_pr`,
    hint: 'CONFIG_KVM_BOOK3S_64_HV is what it needs (fixtures/kconfig/hv.config); when it is a module, say where with --modules=DIR',
  });
});

test('the modules of another release next to an image are not taken', async () => {
  await using given = await setUp({ vmlinux: MODULAR });
  const other = kvmAt((path) => path.replace(RELEASE, '6.1.0-other'));
  await writeFiles(given.at('.'), other);
  expect((await faultOf(given.read(given.at('vmlinux')))).code).toBe('KERNEL_WITHOUT_KVM');
});

test('modules of another release that were named are taken, and that is reported', async () => {
  await using given = await setUp({
    vmlinux: MODULAR,
    'other/kvm.ko': fakeModule([], '6.1.0-old'),
  });
  await writeFiles(given.at('.'), { 'other/kvm-hv.ko': fakeModule(['kvm'], '6.1.0-old') });
  expect(await given.kvm(given.at('vmlinux'), given.at('other'))).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(given.notices).toContain(
    `${given.at('other/kvm.ko')} is of 6.1.0-old, and ${given.at('vmlinux')} of ${RELEASE}: the kernel may refuse it`,
  );
});

test('an unpacked root, and the folder of its release, are kernels', async () => {
  await using given = await setUp({ [`boot/vmlinux-${RELEASE}`]: MODULAR, ...KVM });
  expect(await given.kvm(given.at('.'))).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(await given.kvm(given.at(`lib/modules/${RELEASE}`))).toEqual(['kvm.ko', 'kvm-hv.ko']);
});

test('a root with an image alone in its release’s folder is a kernel, as the package of Debian’s image is', async () => {
  await using given = await setUp({
    [`root/usr/lib/modules/${RELEASE}/vmlinuz`]: WHOLE,
    [`root2/usr/lib/modules/${RELEASE}/vmlinuz`]: MODULAR,
  });
  expect((await given.read(given.at('root'))).id).toMatch(/^file-6\.12\.95-test-/);
  expect((await faultOf(given.read(given.at('root2')))).code).toBe('KERNEL_WITHOUT_KVM');
});

test('of two kernels in a root, which is asked, and both are named', async () => {
  await using given = await setUp({
    [`boot/vmlinux-${RELEASE}`]: MODULAR,
    'boot/vmlinuz-6.1.0-old': WHOLE,
    ...KVM,
  });
  const root = given.at('.');
  expect(await faultOf(given.read(root))).toMatchObject({
    ...{ code: 'WHICH_KERNEL', kind: 'usage' },
    message: `${root} holds 2 kernels: 6.1.0-old, ${RELEASE}`,
    hint: `say which: --kernel='${root}#kernel=6.1.0-old' or --kernel='${root}#kernel=${RELEASE}'`,
  });
  expect(await given.kvm(`${root}#kernel=${RELEASE}`)).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(await faultOf(given.read(`${root}#kernel=5.0`))).toMatchObject({
    message: `${root}#kernel=5.0 holds no kernel 5.0; it holds 6.1.0-old, ${RELEASE}`,
    hint: `say which: --kernel='${root}#kernel=6.1.0-old' or --kernel='${root}#kernel=${RELEASE}'`,
  });
  const pkg = given.at('two.tar');
  await runTool('tar', ['-C', root, '-cf', pkg, 'boot', 'lib']);
  expect((await faultOf(given.read(pkg))).message).toBe(
    `${pkg} holds 2 kernels: 6.1.0-old, ${RELEASE}`,
  );
  expect(await given.kvm(`${pkg}#kernel=${RELEASE}`)).toEqual(['kvm.ko', 'kvm-hv.ko']);
});

test('of modules of two releases, those of the image are taken, or a question is asked', async () => {
  const other = kvmAt((path) => path.replace(RELEASE, '6.1.0-a'));
  await using given = await setUp({
    ...{ 'i/vmlinux': MODULAR, 'i/other': fakeImage(['Linux version 5.0.0 (me)', ...CHANNEL]) },
    ...KVM,
    ...other,
  });
  const { source } = await given.read(given.at('i/vmlinux'), given.at('lib/modules'));
  expect(source).toMatchObject({ modules: given.at(`lib/modules/${RELEASE}`) });
  expect(await faultOf(given.read(given.at('i/other'), given.at('lib/modules')))).toMatchObject({
    ...{ code: 'WHICH_MODULES', kind: 'usage' },
    message: `${given.at('lib/modules')} has modules of 2 releases (6.1.0-a, ${RELEASE}), none of them that of ${given.at('i/other')} (5.0.0)`,
    hint: `say which: --modules=${given.at('lib/modules/6.1.0-a')} or --modules=${given.at(`lib/modules/${RELEASE}`)}`,
  });
});

test('a folder of modules that is a link into a store is followed', async () => {
  await using given = await setUp({ vmlinux: MODULAR, ...KVM });
  await mkdir(given.at('store'));
  await runTool('mv', [given.at(at('kernel')), given.at('store/kernel')]);
  await symlink(given.at('store/kernel'), given.at(at('kernel')));
  await symlink(given.at('store'), given.at('store/kernel/round'));
  expect(await given.kvm(given.at('vmlinux'))).toEqual(['kvm.ko', 'kvm-hv.ko']);
});

test('a module in updates/ is preferred, as by depmod, and reported', async () => {
  await using given = await setUp({
    ...{ vmlinux: MODULAR, ...KVM },
    [at('updates/kvm-hv.ko')]: fakeModule(['kvm', 'patched']),
    [at('updates/patched.ko')]: fakeModule(),
    [at('modules.dep')]: 'kernel/arch/powerpc/kvm/kvm-hv.ko: kernel/arch/powerpc/kvm/kvm.ko\n',
  });
  expect(await given.kvm(given.at('vmlinux'))).toEqual(['kvm.ko', 'patched.ko', 'kvm-hv.ko']);
  expect(given.notices).toEqual([
    'module kvm_hv: updates/kvm-hv.ko is taken, as depmod would; its modules.dep, of before, names kernel/arch/powerpc/kvm/kvm-hv.ko',
  ]);
});

test('a .deb is a kernel, with the package of its modules next to it', async () => {
  await using given = await setUp();
  await makeDeb(given.at('.'), `linux-image-${RELEASE}`, { [`boot/vmlinux-${RELEASE}`]: MODULAR });
  await makeDeb(given.at('.'), `linux-modules-${RELEASE}`, KVM);
  await makeDeb(given.at('.'), 'linux-modules-6.1.0-other', { [at('x.ko', '6.1.0-other')]: '' });
  const image = given.at(`linux-image-${RELEASE}.deb`);
  expect(await given.kvm(image)).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(given.notices).toEqual([`${image}: taken with linux-modules-${RELEASE}.deb next to it`]);
  await rm(given.at(`linux-modules-${RELEASE}.deb`));
  expect((await faultOf(given.read(image))).code).toBe('KERNEL_WITHOUT_KVM');
});

test("an rpm's modules are in others next to it, or named", async () => {
  await skipWithout('rpmbuild');
  await using given = await setUp();
  const image = {
    [at('vmlinuz')]: MODULAR,
    [at('modules.builtin')]: KVM[at('modules.builtin')] ?? '',
  };
  const core = await makeRpm(given.at('.'), { name: 'kernel-core', files: image });
  expect((await faultOf(given.read(core))).code).toBe('KERNEL_WITHOUT_KVM');
  await mkdir(given.at('other'));
  const files = Object.fromEntries(Object.entries(KVM).filter(([path]) => path.endsWith('.ko')));
  const modules = await makeRpm(given.at('other'), { name: 'kernel-modules-core', files });
  expect(await given.kvm(core, modules)).toEqual(['kvm.ko', 'kvm-hv.ko']);
  await runTool('mv', [modules, given.at('.')]);
  expect(await given.kvm(core)).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(given.notices.at(-1)).toBe(
    `${core}: taken with kernel-modules-core-6.12.95-1.ppc64le.rpm next to it`,
  );
});

test('packages of another architecture are refused by what they say themselves', async () => {
  await skipWithout('rpmbuild');
  await using given = await setUp();
  const rpm = await makeRpm(given.at('.'), {
    ...{ name: 'kernel-core', architecture: 'noarch', files: { [at('vmlinuz')]: 'x' } },
  });
  expect((await faultOf(given.read(rpm))).code).toBe('NOT_A_KERNEL');
  const foreign = await makeRpm(given.at('.'), {
    ...{ name: 'kernel-core', architecture: 'aarch64', files: { [at('vmlinuz')]: 'x' } },
  });
  expect(await faultOf(given.read(foreign))).toMatchObject({
    ...{ code: 'WRONG_ARCHITECTURE', kind: 'usage' },
    message: `${foreign} is a package for aarch64, not for PowerPC (64 bit)`,
    hint: 'take the package for ppc64el (Debian) or ppc64le (rpm)',
  });
});

test('a tar of `make tar-pkg`, and modules.tar.xz next to a vmlinux.xz, are kernels', async () => {
  await using given = await setUp({
    ...{ [`root/boot/vmlinux-${RELEASE}`]: MODULAR, 'ci/vmlinux': MODULAR },
    ...kvmAt((path) => `root/${path}`),
  });
  await runTool('tar', ['-czf', given.at('linux.tar.gz'), '-C', given.at('root'), '.']);
  expect(await given.kvm(given.at('linux.tar.gz'))).toEqual(['kvm.ko', 'kvm-hv.ko']);
  await runTool('xz', [given.at('ci/vmlinux')]);
  await runTool('tar', ['-cJf', given.at('ci/modules.tar.xz'), '-C', given.at('root'), 'lib']);
  expect(await given.kvm(given.at('ci/vmlinux.xz'))).toEqual(['kvm.ko', 'kvm-hv.ko']);
  expect(await given.kvm(given.at('ci'))).toEqual(['kvm.ko', 'kvm-hv.ko']);
});

test('a package that is cut off is called that', async () => {
  await using given = await setUp();
  await makeDeb(given.at('.'), `linux-image-${RELEASE}`, { [`boot/vmlinux-${RELEASE}`]: MODULAR });
  const deb = given.at(`linux-image-${RELEASE}.deb`);
  await truncate(deb, 900);
  expect(await faultOf(given.read(deb))).toMatchObject({
    ...{ code: 'ARCHIVE_BROKEN', kind: 'usage' },
    message: `${deb} cannot be unpacked: it is cut off or damaged`,
  });
});

/** A tar archive with one member whose header says what it is told, as no packer would write it. */
function hostileTar(
  members: readonly { name: string; type?: string; target?: string; bytes?: Buffer }[],
): Buffer {
  const blocks = members.flatMap(({ name, type = '0', target = '', bytes = Buffer.alloc(0) }) => {
    const head = Buffer.alloc(512);
    head.write(name, 0, 'latin1');
    head.write('0000644\0', 100);
    head.write('0000000\0', 108);
    head.write('0000000\0', 116);
    head.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0', 136);
    head.write('        ', 148);
    head.write(type, 156);
    head.write(target, 157, 'latin1');
    head.write('ustar\0' + '00', 257, 'latin1');
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

for (const name of ['../outside', 'boot/../../outside', '/tmp/outside']) {
  test(`an archive with a member ${name} is refused whole`, async () => {
    await using given = await setUp({
      'k.tar': hostileTar([
        { name: 'boot/vmlinux-6.1', bytes: WHOLE },
        { name, bytes: WHOLE },
      ]),
    });
    expect(await faultOf(given.read(given.at('k.tar')))).toMatchObject({
      ...{ code: 'ARCHIVE_UNSAFE', kind: 'usage' },
      message: `${given.at('k.tar')} is not unpacked: its member "${name}" leads out of it`,
    });
  });
}

for (const target of ['/etc/passwd', '../../etc/passwd']) {
  test(`a link to ${target} in an archive is not followed, and said when nothing else is there`, async () => {
    await using given = await setUp({
      'k.tar': hostileTar([{ name: 'boot/vmlinux-6.1', type: '2', target }]),
    });
    const fault = await faultOf(given.read(given.at('k.tar')));
    const why = `it holds no image, and its link boot/vmlinux-6.1 -> ${target} leads out of it`;
    expect(fault.message).toBe(`${given.at('k.tar')} is not a kernel: ${why}`);
  });
}

test('nothing is written through a link of an archive', async () => {
  await using given = await setUp({ 'outside/kept': 'kept' });
  await writeFile(
    given.at('k.tar'),
    hostileTar([
      { name: 'boot', type: '2', target: given.at('outside') },
      { name: 'boot/vmlinux-6.1', bytes: WHOLE },
      { name: 'boot/deep/link', type: '2', target: 'x' },
    ]),
  );
  await given.read(given.at('k.tar')).catch(() => undefined);
  expect(await readdir(given.at('outside'))).toEqual(['kept']);
});

test('what unpacks to more than the limit is stopped there', async () => {
  await using given = await setUp();
  await runTool('sh', ['-c', `head -c 64M /dev/zero | gzip > ${given.at('bomb.gz')}`]);
  const work = plainImage(given.at('bomb.gz'), {
    ...{ owner: 'bomb.gz', folder: given.at('images'), limitBytes: 1e6 },
  });
  expect(await faultOf(work)).toMatchObject({
    ...{ code: 'UNPACK_LIMIT', kind: 'usage' },
    message: 'bomb.gz unpacks to more than 1 MB, which no kernel does',
  });
  expect(await readdir(given.at('images'))).toEqual([]);
});

test('so is an archive, and one of too many members', async () => {
  await using given = await setUp({ 'big/boot/vmlinux-6.1': Buffer.alloc(3e6) });
  await runTool('tar', ['-czf', given.at('k.tgz'), '-C', given.at('big'), '.']);
  const limits = { archiveBytes: 1e6, fileBytes: 1e6, members: 2 };
  const archive = { path: given.at('k.tgz'), form: 'archive' } as const;
  expect((await faultOf(unpackRoot([archive], given.at('root'), { limits }))).message).toBe(
    `${archive.path} unpacks to more than 1 MB, which no kernel does`,
  );
  const many = { ...limits, archiveBytes: 1e9 };
  expect((await faultOf(unpackRoot([archive], given.at('root'), { limits: many }))).message).toBe(
    `${archive.path} has 3 members, and the limit is 2`,
  );
});
