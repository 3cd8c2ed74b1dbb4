import { join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { sha256OfFile } from '../base/files.js';
import { cacheRoot } from '../base/paths.js';
import { shortHash } from '../base/short-hash.js';
import type { PackageSource } from '../debian/apt.js';
import { AptSource } from '../debian/apt.js';
import { prepareBuild } from './builds/build-kernel.js';
import { ensureCacheEntry } from './cache-entry.js';
import { loadCatalogue } from './catalogue.js';
import { debianFolder, ENTRY_LAYOUT } from './debian-folder.js';
import { unpackDebianKernel } from './debian-package.js';
import { readKernelHeader } from './elf.js';
import { fittingImage } from './given/bootable-image.js';
import { openFileModules } from './file-kernel.js';
import { scanImage } from './image-scan.js';
import type { DebianKernel, DebianSource } from './kernel-catalogue.generated.js';
import type { FileSource, KernelEntry, KernelOptions } from './kernel-entry.js';
import { kernelSources } from './kernel-sources.js';
import { findMirror } from '../debian/mirror.js';
import { correctCatalogue } from './refresh-catalogue.js';
import { findChannelModules, findKvmModules } from './modules.js';
import { stageModules } from './module-tools.js';
import type { PreparedKernel } from './prepared-kernel.js';

/**
 * A list that names what is not there is read again, once: one that was read within this time names what the
 * mirror does not have, and reading it again would undo what was corrected in it for other kernels.
 */
const JUST_READ_MS = 10 * 60 * 1000;

export interface PrepareOptions extends KernelOptions {
  /** Instead of this machine's apt, for tests. */
  readonly source?: PackageSource;
}

/**
 * Has a kernel ready to boot: a Debian one from the cache or fetched into it, a build from the cache
 * or built into it, a user's own one checked, with its modules unpacked. Safe for several runs at
 * once; what it returns was verified.
 */
export async function prepareKernel(
  entry: KernelEntry,
  options: PrepareOptions = {},
): Promise<PreparedKernel> {
  const { source } = entry;
  switch (source.kind) {
    case 'file':
      return prepareFile(entry, source, options);
    case 'build':
      return prepareBuild(source.build, options);
    case 'git': {
      const { prepareUpstream } = await import('./upstream/build-upstream.js');
      return prepareUpstream(entry.id, entry.line, source, options);
    }
    case 'debian':
      return prepareDebian({ ...entry, source }, options);
  }
}

type DebianEntry = KernelEntry & { readonly source: DebianSource };

async function prepareDebian(entry: DebianEntry, options: PrepareOptions): Promise<PreparedKernel> {
  try {
    return await prepareExactDebian(entry, options);
  } catch (error) {
    if (!isNotThere(error)) throw error;
    // A list of some hours may name a package that the mirror has replaced since.
    const newer = await newerEntry(entry, options);
    if (newer === undefined) return prepareOlderDebian(entry, options, error);
    options.onNotice?.(
      `${entry.id}: the mirror has replaced ${versionOf(entry)} by ${versionOf(newer)}`,
    );
    return prepareExactDebian(newer, options);
  }
}

/** The newest of the line that the mirror has; `missing` is what it said of the newest of all. */
async function prepareOlderDebian(
  entry: DebianEntry,
  options: PrepareOptions,
  missing: SprmatrixError,
): Promise<PreparedKernel> {
  for (const [index, { version, ...source }] of entry.source.older.entries()) {
    const olderYet = entry.source.older.slice(index + 1);
    const older = { ...entry, version, source: { ...entry.source, ...source, older: olderYet } };
    try {
      const kernel = await prepareExactDebian(older, options);
      await correctCatalogue(older, options);
      options.onNotice?.(
        `${entry.id}: the mirror's index of ${entry.source.suite} names ${versionOf(entry)}, which is not there; ${versionOf(older)} of ${source.suite} is taken`,
      );
      return kernel;
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }
  throw missing;
}

function isNotThere(error: unknown): error is SprmatrixError {
  return error instanceof SprmatrixError && error.code === 'DOWNLOAD_FAILED';
}

async function prepareExactDebian(
  entry: DebianEntry,
  options: PrepareOptions,
): Promise<PreparedKernel> {
  const { signal, onProgress, onNotice } = options;
  const root = options.cacheFolder ?? cacheRoot();
  const { debian, modules } = kernelSources();
  const folder = debianFolder(entry, root);
  const manifest = await ensureCacheEntry(folder, {
    what: entry.id,
    signal,
    onProgress,
    onNotice,
    build: async (staging, buildSignal) =>
      unpackDebianKernel(entry satisfies DebianKernel, staging, {
        mirror: await findMirror(options.mirror, { signal: buildSignal }),
        source: options.source ?? new AptSource(join(root, 'apt'), debian),
        needed: modules,
        signal: buildSignal,
        onProgress,
      }),
  });
  const { image } = manifest;
  if (image === null) {
    throw new SprmatrixError({ code: 'CACHE_INVALID', message: `${folder} has no image` });
  }
  return {
    id: entry.id,
    image: join(folder, image.path),
    sha256: image.sha256,
    byteOrder: image.byteOrder,
    package: manifest.package,
    channelModules: manifest.channelModules.map(({ path }) => join(folder, path)),
    kvmModules: manifest.kvmModules.map(({ path }) => join(folder, path)),
  };
}

async function newerEntry(
  entry: DebianEntry,
  options: PrepareOptions,
): Promise<DebianEntry | undefined> {
  const { kernels } = await loadCatalogue({ ...options, maxAgeMs: JUST_READ_MS });
  const found = kernels.find(({ id }) => id === entry.id);
  if (found?.source.kind !== 'debian') return undefined;
  const newer = { ...found, source: found.source };
  return versionOf(newer) === versionOf(entry) ? undefined : newer;
}

function versionOf({ source }: DebianEntry): string {
  return source.packages.map(({ version }) => version).join(', ');
}

async function prepareFile(
  entry: KernelEntry,
  source: FileSource,
  options: PrepareOptions,
): Promise<PreparedKernel> {
  const { signal, onProgress, onNotice } = options;
  const { byteOrder } = await readKernelHeader(source.image);
  const scan = await scanImage(source.image, signal);
  if (scan.sha256 !== source.sha256) {
    throw new SprmatrixError({
      code: 'KERNEL_CHANGED',
      message: `${source.image} changed since it was selected`,
      hint: 'start again when the build has ended',
    });
  }
  const needed = kernelSources().modules;
  const store = await openFileModules(source.given.kernel, scan, source.modules, options);
  const channel = await findChannelModules(needed.channel, store);
  const kvm = await findKvmModules(needed.kvm, store);
  const paths = [...channel, ...kvm].map(({ path }) => path);
  const hashes = await Promise.all(paths.map(sha256OfFile));
  const folder = join(
    options.cacheFolder ?? cacheRoot(),
    'kernels',
    `modules-${shortHash([ENTRY_LAYOUT, paths.map((path, index) => [path, hashes[index]])])}`,
  );
  const copy = join(options.cacheFolder ?? cacheRoot(), 'images', `loaded-${scan.sha256}`);
  const prepared = {
    id: entry.id,
    image: await fittingImage(source.image, copy, source.given.kernel),
    sha256: scan.sha256,
    byteOrder,
    package: null,
  };
  if (paths.length === 0) return { ...prepared, channelModules: [], kvmModules: [] };
  const manifest = await ensureCacheEntry(folder, {
    what: entry.id,
    signal,
    onProgress,
    onNotice,
    build: async (staging, buildSignal) => ({
      format: 1,
      image: null,
      package: null,
      channelModules: await stageModules(channel, staging, buildSignal),
      kvmModules: await stageModules(kvm, staging, buildSignal),
    }),
  });
  return {
    ...prepared,
    channelModules: manifest.channelModules.map(({ path }) => join(folder, path)),
    kvmModules: manifest.kvmModules.map(({ path }) => join(folder, path)),
  };
}
