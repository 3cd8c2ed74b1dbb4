import {
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runCli } from '../../../fixtures/cli-process.js';
import { skipWithout } from '../../../harness/base/testing/skip-without.js';
import { runTool } from '../../../harness/base/tool.js';
import { testKernel, testQemu } from '../faults/booted.js';

const RELEASE = /Linux version (\S+) /;

/** A root with the image and the modules of debian-6.1, as distributions lay it out. */
async function writeRoot(): Promise<{ root: string; release: string }> {
  const { image, channelModules, kvmModules } = await testKernel();
  const release = RELEASE.exec(await readFile(image, 'latin1'))?.[1] ?? '';
  const root = test.info().outputPath('root');
  const place = async (from: string, to: string): Promise<void> => {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await copyFile(from, join(root, to));
  };
  await place(image, `boot/vmlinux-${release}`);
  for (const path of [...channelModules, ...kvmModules]) {
    await place(path, `lib/modules/${release}/kernel/${basename(path)}`);
  }
  return { root, release };
}

/** Makes an rpm of some of a root's files next to the others of the root, and returns its path. */
async function makeRpm(root: string, name: string, files: readonly string[]): Promise<string> {
  await skipWithout('rpmbuild');
  const top = `${root}.rpm.d`;
  await mkdir(top, { recursive: true });
  const spec = join(top, `${name}.spec`);
  const lines = [
    ...[`Name: ${name}`, 'Version: 6.1', 'Release: 1', 'Summary: test', 'License: GPL'],
    ...['%define _build_id_links none', '%define _unpackaged_files_terminate_build 0'],
    ...['%description', 'test', '%install'],
    `mkdir -p %{buildroot} && cp -a ${root}/. %{buildroot}/`,
    ...['%files', ...files, ''],
  ];
  await writeFile(spec, lines.join('\n'));
  const raw = ['__os_install_post %{nil}', 'debug_package %{nil}', `_topdir ${top}`];
  const defines = raw.flatMap((it) => ['--define', it]);
  await runTool('rpmbuild', ['-bb', '--target', 'ppc64le', ...defines, spec]);
  return join(top, `RPMS/ppc64le/${name}-6.1-1.ppc64le.rpm`);
}

/** Each form, made of such a root: what --kernel is then. */
const FORMS: Readonly<Record<string, (root: string, release: string) => Promise<string>>> = {
  'an unpacked root': async (root) => Promise.resolve(root),
  'the folder of make tar-pkg, as a tar.gz': async (root) => {
    const file = `${root}.tar.gz`;
    await runTool('tar', ['-C', root, '-czf', file, 'boot', 'lib']);
    return file;
  },
  'a Debian package': async (root, release) => {
    const control = `Package: linux-image-${release}\nVersion: 6.1-1\nArchitecture: ppc64el\nMaintainer: T <t@example.org>\nDescription: test\n`;
    await mkdir(join(root, 'DEBIAN'));
    await writeFile(join(root, 'DEBIAN/control'), control);
    await runTool('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', root, `${root}.deb`]);
    return `${root}.deb`;
  },
  'an rpm of `make binrpm-pkg`': async (root, release) =>
    makeRpm(root, 'kernel', [`/boot/vmlinux-${release}`, `/lib/modules/${release}`]),
  'Fedora’s kernel-core, kernel-modules-core and kernel-modules, next to each other': async (
    root,
    release,
  ) => {
    const folder = join(root, 'lib/modules', release);
    await rename(join(root, 'boot', `vmlinux-${release}`), join(folder, 'vmlinuz'));
    const kernel = `/lib/modules/${release}`;
    const inPackage = (name: string): string => `${kernel}/kernel/${name}`;
    const channel = (await readdir(join(folder, 'kernel'))).filter((it) => !it.startsWith('kvm'));
    await makeRpm(root, 'kernel-modules-core', channel.map(inPackage));
    await makeRpm(root, 'kernel-modules', ['kvm.ko', 'kvm-hv.ko'].map(inPackage));
    return makeRpm(root, 'kernel-core', [`${kernel}/vmlinuz`]);
  },
  'SUSE’s kernel-default, with a packed image and packed modules below /usr': async (
    root,
    release,
  ) => {
    await mkdir(join(root, 'usr'));
    await rename(join(root, 'lib'), join(root, 'usr/lib'));
    const folder = join(root, 'usr/lib/modules', release);
    await rename(join(root, 'boot', `vmlinux-${release}`), join(folder, 'vmlinux'));
    await runTool('xz', ['-0', join(folder, 'vmlinux')]);
    const modules = await readdir(join(folder, 'kernel'));
    await runTool('zstd', [
      ...['-q', '--rm'],
      ...modules.map((name) => join(folder, 'kernel', name)),
    ]);
    return makeRpm(root, 'kernel-default', [`/usr/lib/modules/${release}`]);
  },
  'a CI’s vmlinux.xz next to modules.tar.xz': async (root, release) => {
    const folder = `${root}.ci`;
    await mkdir(folder);
    await copyFile(join(root, 'boot', `vmlinux-${release}`), join(folder, 'vmlinux'));
    await runTool('xz', ['-0', join(folder, 'vmlinux')]);
    await runTool('tar', ['-C', root, '-cJf', join(folder, 'modules.tar.xz'), 'lib']);
    return join(folder, 'vmlinux.xz');
  },
};

const runOn = async (platform: string, ...args: string[]): ReturnType<typeof runCli> =>
  runCli([
    ...['run', `--platform=${platform}`, '--register=DAR', ...args],
    ...['--out', test.info().outputPath('out')],
  ]);

const run = async (...args: string[]): ReturnType<typeof runCli> =>
  runOn('pseries-p9-nested', ...args);

for (const [form, make] of Object.entries(FORMS)) {
  test(`${form} is booted, and judged by the baseline of the image in it`, async () => {
    const { root, release } = await writeRoot();
    const { exitCode, stdout, stderr } = await run(`--kernel=${await make(root, release)}`);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('1 of 1 cell recorded, 0 skipped, 0 deviations, 0 failures');
    expect(stdout).not.toContain('no baseline');
  });
}

test('an image above the size that QEMU loads on powernv is booted there', async () => {
  const { root, release } = await writeRoot();
  await truncate(join(root, 'boot', `vmlinux-${release}`), 140 * 2 ** 20);
  const { exitCode, stdout, stderr } = await runOn('powernv9', `--kernel=${root}`);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('1 of 1 cell recorded, 0 skipped, 0 deviations, 0 failures');
});

test('a kernel without virtio is asked through its console, and answers the same', async () => {
  const { root, release } = await writeRoot();
  const folder = join(root, `lib/modules/${release}/kernel`);
  for (const name of await readdir(folder)) {
    if (name.startsWith('virtio')) await rm(join(folder, name));
  }
  const { exitCode, stdout, stderr } = await run(`--kernel=${root}`);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain(
    'sprmatrix-agent: fatal: no channel: no driver virtio_pci; it boots once more with the console\n',
  );
  expect(stdout).toContain('1 of 1 cell recorded, 0 skipped, 0 deviations, 0 failures');
});

/** A module of a root without its signature, which would be refused first: its size stands before the text at its end. */
async function unsignedModule(
  root: string,
  release: string,
  name: string,
): Promise<[string, string]> {
  const path = join(root, `lib/modules/${release}/kernel/${name}`);
  const bytes = await readFile(path);
  const signed = bytes.toString('latin1').lastIndexOf('~Module signature appended~');
  const end = signed - 12 - bytes.readUInt32BE(signed - 4);
  expect(end).toBeGreaterThan(0);
  return [path, bytes.toString('latin1', 0, end)];
}

/** In the list of versions (struct modversion_info of 64 bytes), what stands before this name is its CRC. */
const PRINTK = `_printk${'\0'.repeat(40)}`;

// kvm.ko is loaded before the agent answers, kvm-hv.ko when it is asked for KVM.
for (const [what, name, change, message] of [
  [
    'of another vermagic',
    'kvm.ko',
    (module: string, release: string) =>
      module.replace(`vermagic=${release} SMP`, `vermagic=${release} PMS`),
    /: the kernel under test failed: sprmatrix-agent: fatal: load \/modules\/boot\/\d+-kvm\.ko: Exec format error; the kernel says "kvm: version magic '\S+ PMS .*' should be '\S+ SMP .*"\n/,
  ],
  [
    'with another CRC of a symbol (MODVERSIONS)',
    'kvm-hv.ko',
    (module: string) => {
      const at = module.indexOf(PRINTK) - 8;
      const crc = String.fromCharCode(module.charCodeAt(at) ^ 1);
      return module.slice(0, at) + crc + module.slice(at + 1);
    },
    /: agent: KVM_OPEN: load \/modules\/kvm\/\d+-kvm-hv\.ko: Invalid argument; the kernel says ".*kvm_hv: disagrees about version of symbol _printk; kvm_hv: Unknown symbol _printk \(err -22\)" \(errno 22\)\n/,
  ],
] as const) {
  test(`a module ${what} is refused in the kernel's own words`, async () => {
    const { root, release } = await writeRoot();
    const [path, module] = await unsignedModule(root, release, name);
    const other = change(module, release);
    expect(other).not.toBe(module);
    await writeFile(path, Buffer.from(other, 'latin1'));
    const { exitCode, stderr } = await run(`--kernel=${root}`);
    expect(exitCode, stderr).toBe(3);
    expect(stderr).toMatch(message);
  });
}

test("a module that is not signed is refused in the kernel's own words, where signatures are forced", async () => {
  const { root, release } = await writeRoot();
  const [path, module] = await unsignedModule(root, release, 'kvm.ko');
  await writeFile(path, Buffer.from(module, 'latin1'));
  const qemu = test.info().outputPath('qemu-system-ppc64');
  const { path: real } = await testQemu('pseries-p9-nested');
  const line = `exec "${real}" "$@" -append "console=hvc0 quiet panic=-1 module.sig_enforce=1"`;
  const script = `#!/bin/sh\ncase "$*" in *-initrd*) ${line} ;; *) exec "${real}" "$@" ;; esac\n`;
  await writeFile(qemu, script, { mode: 0o755 });
  const { exitCode, stderr } = await run(`--kernel=${root}`, `--qemu=${qemu}`);
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toMatch(
    /: the kernel under test failed: sprmatrix-agent: fatal: load \/modules\/boot\/\d+-kvm\.ko: Key was rejected by service; the kernel says "Loading of unsigned module is rejected"\n/,
  );
});
