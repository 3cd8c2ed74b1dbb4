import { rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { SprmatrixError } from '../../base/error.js';
import { sha256OfFile } from '../../base/files.js';
import { cacheRoot } from '../../base/paths.js';
import { shortHash } from '../../base/short-hash.js';
import type { PackageSource } from '../../debian/apt.js';
import { AptSource } from '../../debian/apt.js';
import { ensureCacheEntry } from '../cache-entry.js';
import { readKernelHeader } from '../elf.js';
import type { KernelOptions } from '../kernel-entry.js';
import type { KernelManifest } from '../kernel-manifest.generated.js';
import { kernelSources } from '../kernel-sources.js';
import type { KernelBuild } from '../kernels.generated.js';
import type { PreparedKernel } from '../prepared-kernel.js';
import { compilerVersion, requireBuildTools } from './build-tools.js';
import type { CompileOptions } from './compile-kernel.js';
import { compileKernel, configureKernel } from './compile-kernel.js';
import type { WantedOption } from './fragments.js';
import { configText, mergeFragments, readFragments } from './fragments.js';
import { findSourcePackage } from './source-list.js';
import type { SourcePackage } from './source-list.generated.js';
import { ensureSourcePackage, unpackSource } from './source-package.js';

/** Raised when kernels are built in another way, so that those of before are built again. */
const RECIPE = 1;
/** Sources (1.2 GB) and objects of the largest build, with room to spare. */
const NEEDED_BYTES = 2e9;

/** A machine is busy with one build: a second one next to it would only need more room. */
const oneAtATime = new PQueue({ concurrency: 1 });

export interface BuildOptions extends KernelOptions {
  /** Instead of this machine's apt, for tests. */
  readonly source?: PackageSource;
}

/** Everything that decides what comes out of a build, and where that is kept. */
export interface BuildPlan {
  readonly build: KernelBuild;
  readonly wanted: readonly WantedOption[];
  readonly sourcePackage: SourcePackage;
  /** The cache entry. */
  readonly folder: string;
  readonly log: string;
}

/** Where source packages come from: an index of an architecture that every suite has. */
export function sourceArchive(options: BuildOptions): PackageSource {
  const { debian, sourceArchitecture } = kernelSources();
  const folder = join(options.cacheFolder ?? cacheRoot(), 'apt-source');
  return options.source ?? new AptSource(folder, { ...debian, architecture: sourceArchitecture });
}

/** Finds the newest source of a build and the compiler, and so the build's place in the cache. */
export async function planBuild(build: KernelBuild, options: BuildOptions): Promise<BuildPlan> {
  const wanted = mergeFragments(await readFragments(build.fragments));
  const compiler = await compilerVersion(build.id, build.compiler, options.signal);
  const source = sourceArchive(options);
  const sourcePackage = await findSourcePackage(build, { ...options, source });
  const content = [RECIPE, sourcePackage.sha256, configText(wanted), compiler];
  // Without the prefix: so what was built before ids had it is still found.
  const name = `${build.id.replace(/^build-/, '')}-${shortHash(content)}`;
  const root = options.cacheFolder ?? cacheRoot();
  return {
    ...{ build, wanted, sourcePackage },
    folder: join(root, 'kernels', name),
    log: join(root, 'build-logs', `${name}.log`),
  };
}

/**
 * Has a build's kernel in the cache: from there, or built from its source package. Safe for two
 * runs at once; a build that fails or is interrupted leaves its log and nothing else.
 */
export async function prepareBuild(
  build: KernelBuild,
  options: BuildOptions = {},
): Promise<PreparedKernel> {
  const plan = await planBuild(build, options);
  const manifest = await ensureCacheEntry(plan.folder, {
    ...{ what: build.id, signal: options.signal },
    ...{ onProgress: options.onProgress, onNotice: options.onNotice },
    build: async (staging, signal) =>
      oneAtATime.add(async () => buildInto(staging, plan, { ...options, signal })),
  });
  const { image } = manifest;
  if (image === null) {
    throw new SprmatrixError({ code: 'CACHE_INVALID', message: `${plan.folder} has no image` });
  }
  return {
    id: build.id,
    image: join(plan.folder, image.path),
    sha256: image.sha256,
    byteOrder: image.byteOrder,
    package: manifest.package,
    channelModules: [],
    kvmModules: [],
  };
}

async function buildInto(
  staging: string,
  { build, wanted, sourcePackage, log }: BuildPlan,
  options: BuildOptions & { readonly signal: AbortSignal },
): Promise<KernelManifest> {
  const { signal, onProgress } = options;
  const { id } = build;
  await requireBuildTools(id, build.compiler);
  await requireSpace(id, staging);
  const startedAt = performance.now();
  const source = join(staging, 'source');
  const objects = join(staging, 'objects');
  try {
    const archive = { ...options, source: sourceArchive(options) };
    const deb = await ensureSourcePackage(id, sourcePackage, archive);
    onProgress?.(`${id}: unpacking the source`);
    await unpackSource(deb, source, signal);
    await rm(log, { force: true });
    const compile: CompileOptions = {
      ...{ owner: id, source, objects, log, signal, onProgress },
      compiler: build.compiler,
    };
    await configureKernel(compile, wanted);
    const image = await compileKernel(compile, build.steps);
    await rename(image, join(staging, 'vmlinux'));
    await rename(join(objects, '.config'), join(staging, 'config'));
    const { byteOrder } = await readKernelHeader(join(staging, 'vmlinux'));
    if (byteOrder !== build.byteOrder) {
      throw new SprmatrixError({
        code: 'BUILD_FAILED',
        message: `${id} was to be ${build.byteOrder} endian, and is ${byteOrder} endian`,
        hint: 'its fragments in matrix/kernels.json say otherwise than its byteOrder',
      });
    }
    await rm(source, { recursive: true });
    await rm(objects, { recursive: true });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    options.onNotice?.(`${id}: built ${sourcePackage.version} in ${seconds} s; log: ${log}`);
    return {
      format: 1,
      image: { path: 'vmlinux', sha256: await sha256OfFile(join(staging, 'vmlinux')), byteOrder },
      package: { name: sourcePackage.name, version: sourcePackage.version },
      channelModules: [],
      kvmModules: [],
    };
  } catch (error) {
    throw diskFullError(id, error) ?? error;
  }
}

/** Throws `DISK_FULL` before anything is fetched, when a build has no room. */
async function requireSpace(owner: string, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= NEEDED_BYTES) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new SprmatrixError({
    code: 'DISK_FULL',
    message: `${owner} cannot be built: ${gigabytes(freeBytes)} are free at ${folder}, and a build takes ${gigabytes(NEEDED_BYTES)}`,
    hint: '`sprmatrix kernels prune` removes what is no longer needed; XDG_CACHE_HOME puts the cache elsewhere',
  });
}

/** The clear error for a disk that got full in the middle, whichever tool said so. */
function diskFullError(owner: string, error: unknown): SprmatrixError | undefined {
  const isNodes = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  const isTools =
    error instanceof SprmatrixError &&
    error.code === 'TOOL_FAILED' &&
    error.evidence.some((line) => line.includes('No space left on device'));
  if (!isNodes && !isTools) return undefined;
  return new SprmatrixError({
    code: 'DISK_FULL',
    message: `${owner} could not be built: the disk is full`,
    cause: error,
    evidence: error instanceof SprmatrixError ? error.evidence : [],
    hint: '`sprmatrix kernels prune` removes what is no longer needed; XDG_CACHE_HOME puts the cache elsewhere',
  });
}
