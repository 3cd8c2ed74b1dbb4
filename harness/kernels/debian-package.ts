import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { sha256OfFile } from '../base/files.js';
import type { PackageSource } from '../debian/apt.js';
import { listDebFiles, unpackDebFiles } from '../debian/deb-archive.js';
import { readKernelHeader } from './elf.js';
import type { DebianKernel } from './kernel-catalogue.generated.js';
import type { KernelManifest } from './kernel-manifest.generated.js';
import type { NeededModules } from './kernels.generated.js';
import { readModuleDepends, stageModules } from './module-tools.js';
import type { ModuleStore } from './modules.js';
import { findChannelModules, findKvmModules, indexModules, parseBuiltIn } from './modules.js';

/** Where a kernel's image is in its package, in every shape that Debian has had. */
const IMAGE = /^(?:boot\/vmlinu[xz]-[^/]+|(?:usr\/)?lib\/modules\/[^/]+\/vmlinu[xz])$/;
const BUILT_IN_LIST = '/modules.builtin';

export interface UnpackPackageOptions {
  readonly mirror: string;
  readonly source: PackageSource;
  readonly needed: NeededModules;
  readonly signal: AbortSignal;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * Fetches a Debian kernel's packages into `staging`, keeps the image and the needed modules, and
 * removes the packages.
 */
export async function unpackDebianKernel(
  kernel: DebianKernel,
  staging: string,
  options: UnpackPackageOptions,
): Promise<KernelManifest> {
  const { signal, needed, onProgress } = options;
  const debs = await fetchPackages(kernel, join(staging, 'packages'), options);
  onProgress?.(`${kernel.id}: unpacking`);
  const unpacked = join(staging, 'unpacked');
  const contents = await readContents(debs, unpacked, signal);
  const image = contents.find(({ path }) => IMAGE.test(path));
  if (image === undefined) {
    throw new SprmatrixError({
      code: 'PACKAGE_INVALID',
      message: `${kernel.id}: there is no kernel image in ${debs.map(({ name }) => name).join(', ')}`,
    });
  }
  const store = await openStore(kernel.id, contents, unpacked, {
    image,
    roots: [...needed.channel, ...needed.kvm],
    signal,
  });
  const channel = await findChannelModules(needed.channel, store);
  const kvm = await findKvmModules(needed.kvm, store);
  await rename(join(unpacked, image.path), join(staging, 'vmlinux'));
  const { byteOrder } = await readKernelHeader(join(staging, 'vmlinux'));
  const manifest: KernelManifest = {
    format: 1,
    image: { path: 'vmlinux', sha256: await sha256OfFile(join(staging, 'vmlinux')), byteOrder },
    package: { name: image.deb.name, version: image.deb.version },
    channelModules: await stageModules(channel, staging, signal),
    kvmModules: await stageModules(kvm, staging, signal),
  };
  await rm(join(staging, 'packages'), { recursive: true });
  await rm(unpacked, { recursive: true });
  return manifest;
}

/** A package that was fetched. */
interface Deb {
  readonly name: string;
  readonly version: string;
  readonly file: string;
}

/** A file in a fetched package. */
interface Member {
  readonly deb: Deb;
  readonly path: string;
}

async function fetchPackages(
  kernel: DebianKernel,
  folder: string,
  { source, mirror, signal, onProgress }: UnpackPackageOptions,
): Promise<Deb[]> {
  await mkdir(folder, { recursive: true });
  const { packages } = kernel.source;
  const total = packages.reduce((sum, { size }) => sum + size, 0);
  const debs: Deb[] = [];
  let before = 0;
  for (const [index, what] of packages.entries()) {
    const file = join(folder, `${index}.deb`);
    await source.fetchPackage(what, mirror, file, signal, (doneBytes) => {
      onProgress?.(`${kernel.id}: fetching, ${percent(before + doneBytes, total)}`);
    });
    before += what.size;
    debs.push({ name: what.name, version: what.version, file });
  }
  return debs;
}

function percent(doneBytes: number, totalBytes: number): string {
  return `${Math.floor((100 * doneBytes) / totalBytes)} % of ${(totalBytes / 1e6).toFixed(0)} MB`;
}

async function readContents(
  debs: readonly Deb[],
  unpacked: string,
  signal: AbortSignal,
): Promise<Member[]> {
  await mkdir(unpacked, { recursive: true });
  const lists = await Promise.all(
    debs.map(async (deb) =>
      (await listDebFiles(deb.file, signal)).map((path): Member => ({ deb, path })),
    ),
  );
  return lists.flat();
}

/**
 * The packages' modules. Reading a package takes seconds wherever in it the file is, so the first
 * reading brings the image, the list of what is built in, and every module that stands next to a
 * needed one: dependencies mostly do.
 */
async function openStore(
  owner: string,
  contents: readonly Member[],
  unpacked: string,
  first: { image: Member; roots: readonly string[]; signal: AbortSignal },
): Promise<ModuleStore> {
  const files = indexModules(contents.map(({ path }) => path));
  const folders = new Set(first.roots.flatMap((name) => dirname(files.get(name) ?? '.')));
  const there = new Set<string>();
  const unpack = async (wanted: readonly Member[]): Promise<void> => {
    const fresh = wanted.filter(({ path }) => !there.has(path));
    const debs = new Set(fresh.map(({ deb }) => deb));
    for (const deb of debs) {
      const paths = fresh.filter((it) => it.deb === deb).map(({ path }) => path);
      await unpackDebFiles(deb.file, paths, unpacked, first.signal);
      for (const path of paths) there.add(path);
    }
  };
  const builtInList = contents.find(({ path }) => path.endsWith(BUILT_IN_LIST));
  const beside = contents.filter(
    ({ path }) => folders.has(dirname(path)) && [...files.values()].includes(path),
  );
  await unpack([first.image, ...(builtInList === undefined ? [] : [builtInList]), ...beside]);
  const builtIn =
    builtInList === undefined
      ? undefined
      : parseBuiltIn(await readFile(join(unpacked, builtInList.path), 'utf8'));
  return {
    owner,
    files,
    isBuiltIn: (name) => builtIn?.has(name),
    fetch: async (names) => {
      const paths = new Map(names.map((name) => [name, files.get(name) ?? '']));
      await unpack(contents.filter(({ path }) => [...paths.values()].includes(path)));
      return new Map([...paths].map(([name, path]) => [name, join(unpacked, path)]));
    },
    readDepends: async (path) => readModuleDepends(path, first.signal),
  };
}
