import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runPipe, runTool } from '../base/tool.js';
import { AptSource } from '../debian/apt.js';
import { findMirror, MIRROR_HINT } from '../debian/mirror.js';
import { preparePrivateApt } from '../debian/private-apt.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { kernelSources } from '../kernels/kernel-sources.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import type { DebianRootOptions } from './debian-root.js';
import { releaseOf, unpackDebianRoot } from './debian-root.js';

/** virtme-ng, and what it boots. */
export interface VirtmeRoot {
  /** Path of `virtme-run`. */
  readonly program: string;
  /** Folder of its Python modules. */
  readonly modules: string;
  /** A Debian for ppc64el, with the kernel's modules where a Debian has them. */
  readonly root: string;
  /** Path of the kernel, within `root`. */
  readonly image: string;
}

/** A shell, and what virtme-ng's own init asks for. */
const PACKAGES = ['?essential', 'busybox-static', 'kmod', 'mount', 'udev'];
/** The first stable release that has it. */
const SUITE = 'trixie';

/**
 * Fetches virtme-ng from Debian, which is a program of Python and runs on any architecture, and makes a root
 * that it can boot a kernel of Debian's with. Errors: those of `releaseOf` and of the tools.
 */
export async function makeVirtmeRoot(
  entry: KernelEntry,
  kernel: PreparedKernel,
  options: DebianRootOptions,
): Promise<VirtmeRoot> {
  const { folder, mirror, signal, say } = options;
  say(`${entry.id}: fetching virtme-ng and a Debian for it to boot`);
  const root = join(folder, 'virtme-root');
  await unpackDebianRoot(root, PACKAGES, options);
  const archive = { ...kernelSources().debian, mirror: await findMirror(mirror, { signal }) };
  const source = new AptSource(join(folder, 'virtme-apt'), archive);
  for (const what of releaseOf(entry, kernel).packages) {
    const deb = join(folder, `${what.name}.deb`);
    await source.fetchPackage(what, archive.mirror, deb, signal, () => undefined);
    await unpack(deb, root, signal);
  }
  const images = await readdir(join(root, 'boot'));
  const image = images.find((name) => name.startsWith('vmlinu')) ?? '';
  const tool = await fetchVirtme(archive, options);
  return { ...tool, root, image: join(root, 'boot', image) };
}

async function fetchVirtme(
  archive: Readonly<Record<'architecture' | 'component' | 'keyring' | 'mirror', string>>,
  { folder, signal }: DebianRootOptions,
): Promise<Pick<VirtmeRoot, 'program' | 'modules'>> {
  const target = join(folder, 'virtme-ng');
  const apt = await preparePrivateApt(target, { ...archive, suites: [SUITE] });
  await runTool('apt-get', [...apt, 'update'], { signal, hint: MIRROR_HINT });
  // Its Python is the machine's.
  const debs = join(target, 'cache/archives');
  await runTool('apt-get', [...apt, 'download', 'virtme-ng'], { cwd: debs, signal });
  const deb = (await readdir(debs)).find((name) => name.endsWith('.deb')) ?? '';
  await unpack(join(debs, deb), target, signal);
  return {
    program: join(target, 'usr/bin/virtme-run'),
    modules: join(target, 'usr/lib/python3/dist-packages'),
  };
}

/** Into folders that may be links. */
async function unpack(deb: string, target: string, signal: AbortSignal): Promise<void> {
  await runPipe(
    ['dpkg-deb', ['--fsys-tarfile', deb]],
    ['tar', ['-x', '-C', target, '--keep-directory-symlink', '--no-same-owner']],
    { signal },
  );
}
