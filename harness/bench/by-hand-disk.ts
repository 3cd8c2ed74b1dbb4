import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot, repositoryPath } from '../base/paths.js';
import { runTool } from '../base/tool.js';
import { AptSource } from '../debian/apt.js';
import { unpackDebianKernel } from '../kernels/debian-package.js';
import { buildInitramfs } from '../kernels/initramfs.js';
import type { DebianSource } from '../kernels/kernel-catalogue.generated.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { kernelSources } from '../kernels/kernel-sources.js';
import { findMirror } from '../debian/mirror.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import type { DebianRootOptions } from './debian-root.js';
import { releaseOf, unpackDebianRoot } from './debian-root.js';

/** What is booted by hand. */
export interface ByHandDisk {
  /** Path of an ext4 image. */
  readonly disk: string;
  readonly initramfs: string;
}

/** All that Debian calls essential, and an init. */
const PACKAGES = ['?essential', 'systemd-sysv', 'udev'];
const DISK = '1G';
/** In the initramfs: the disk and its file system, which asks for its checksums by modprobe. */
const DISK_MODULES = ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4'];
const SERVICE = 'register-loop.service';

/**
 * A Debian with systemd, made by apt, dpkg and mke2fs, that asks KVM for each register when it is up,
 * and an initramfs that mounts it. Packages are unpacked and not configured, which only makes it start
 * sooner. Errors: those of `releaseOf` and of the tools.
 */
export async function makeByHandDisk(
  entry: KernelEntry,
  kernel: PreparedKernel,
  options: DebianRootOptions,
): Promise<ByHandDisk> {
  await runTool('make', ['-s', '-C', repositoryPath('fixtures/guest'), 'by-hand'], options);
  options.say(`${entry.id}: fetching Debian's packages and making a disk of them`);
  const initramfs = await makeInitramfs(entry, kernel, options);
  return { disk: await makeDisk(options), initramfs };
}

async function makeInitramfs(
  entry: KernelEntry,
  kernel: PreparedKernel,
  { folder, mirror, signal }: DebianRootOptions,
): Promise<string> {
  const { source, packages, suite } = releaseOf(entry, kernel);
  const { debian, modules } = kernelSources();
  const unpacked = join(folder, 'by-hand-kernel');
  const exact: DebianSource = { ...source, packages, suite };
  const manifest = await unpackDebianKernel({ ...entry, source: exact }, unpacked, {
    mirror: await findMirror(mirror, { signal }),
    source: new AptSource(join(cacheRoot(), 'apt'), debian),
    needed: { ...modules, channel: DISK_MODULES },
    signal,
  });
  const pathsOf = (files: readonly { path: string }[]): string[] =>
    files.map(({ path }) => join(unpacked, path));
  return buildInitramfs(
    { channelModules: pathsOf(manifest.channelModules), kvmModules: pathsOf(manifest.kvmModules) },
    builtPath('by-hand-init'),
    { signal, cacheFolder: folder },
  );
}

async function makeDisk(options: DebianRootOptions): Promise<string> {
  const { folder, signal } = options;
  const root = join(folder, 'by-hand-root');
  await unpackDebianRoot(root, PACKAGES, options);
  await writeFile(join(root, 'etc/fstab'), '/dev/vda / ext4 defaults 0 0\n');
  // An empty one would make it a first boot, which asks more of systemd.
  await writeFile(join(root, 'etc/machine-id'), `${'5a'.repeat(16)}\n`);
  await cp(builtPath('register-loop'), join(root, 'usr/local/bin/register-loop'));
  const units = join(root, 'etc/systemd/system');
  await mkdir(join(units, 'multi-user.target.wants'), { recursive: true });
  const service = await readFile(repositoryPath('fixtures/by-hand', SERVICE));
  await writeFile(join(units, SERVICE), service);
  await symlink(`../${SERVICE}`, join(units, 'multi-user.target.wants', SERVICE));
  const disk = join(folder, 'by-hand.ext4');
  await runTool('mke2fs', ['-q', '-t', 'ext4', '-d', root, disk, DISK], {
    signal,
    hint: 'apt-get install e2fsprogs',
  });
  await rm(root, { recursive: true });
  return disk;
}

function builtPath(name: string): string {
  return repositoryPath('build/guest/ppc64le', name);
}
