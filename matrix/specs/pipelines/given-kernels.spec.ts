import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runCli } from '../../../fixtures/cli-process.js';
import { skipWithout } from '../../../harness/base/testing/skip-without.js';
import { runTool } from '../../../harness/base/tool.js';
import { testKernel } from '../faults/booted.js';

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
  'an rpm': async (root, release) => {
    await skipWithout('rpmbuild');
    const spec = `${root}.spec`;
    const lines = [
      ...['Name: kernel-core', 'Version: 6.1', 'Release: 1', 'Summary: test', 'License: GPL'],
      ...['%define _build_id_links none', '%description', 'test', '%install'],
      `mkdir -p %{buildroot} && cp -a ${root}/. %{buildroot}/`,
      ...['%files', `/boot/vmlinux-${release}`, `/lib/modules/${release}`, ''],
    ];
    await writeFile(spec, lines.join('\n'));
    const top = `${root}.rpm.d`;
    const raw = ['__os_install_post %{nil}', 'debug_package %{nil}', `_topdir ${top}`];
    const defines = raw.flatMap((it) => ['--define', it]);
    await runTool('rpmbuild', ['-bb', '--target', 'ppc64le', ...defines, spec]);
    return join(top, 'RPMS/ppc64le/kernel-core-6.1-1.ppc64le.rpm');
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

const run = async (...args: string[]): ReturnType<typeof runCli> =>
  runCli([
    ...['run', '--platform=pseries-p9-nested', '--register=DAR', ...args],
    ...['--out', test.info().outputPath('out')],
  ]);

for (const [form, make] of Object.entries(FORMS)) {
  test(`${form} is booted, and judged by the baseline of the image in it`, async () => {
    const { root, release } = await writeRoot();
    const { exitCode, stdout, stderr } = await run(`--kernel=${await make(root, release)}`);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('1 of 1 cell recorded, 0 skipped, 0 deviations, 0 failures');
    expect(stdout).not.toContain('no baseline');
  });
}

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

test('a module that the kernel refuses is refused in its own words', async () => {
  const { root, release } = await writeRoot();
  const path = join(root, `lib/modules/${release}/kernel/kvm.ko`);
  const bytes = await readFile(path);
  const module = bytes.toString('latin1');
  // Without its signature, which would be refused first: its size stands before the text at its end.
  const signed = module.lastIndexOf('~Module signature appended~');
  const end = signed - 12 - bytes.readUInt32BE(signed - 4);
  const other = module.slice(0, end).replace(`vermagic=${release} SMP`, `vermagic=${release} PMS`);
  expect(other.length).toBeLessThan(module.length);
  await writeFile(path, Buffer.from(other, 'latin1'));
  const { exitCode, stderr } = await run(`--kernel=${root}`);
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toContain('fatal: load /modules/boot/06-kvm.ko: Exec format error');
  expect(stderr).toContain(`kvm: version magic '${release} PMS `);
});
