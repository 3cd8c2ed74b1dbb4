import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { sha256, sha256OfFile } from '../../base/files.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot } from '../../base/paths.js';
import { shortHash } from '../../base/short-hash.js';
import { compilerVersion, requireBuildTools } from '../builds/build-tools.js';
import { lostOptions } from '../builds/check-config.js';
import { compileKernel, configureKernel, readConfiguration } from '../builds/compile-kernel.js';
import type { CompileOptions } from '../builds/compile-kernel.js';
import { configText, mergeFragments, readFragments } from '../builds/fragments.js';
import { ensureCacheEntry } from '../cache-entry.js';
import { readKernelHeader } from '../elf.js';
import type { GitSource, KernelOptions } from '../kernel-entry.js';
import type { KernelManifest } from '../kernel-manifest.generated.js';
import { kernelSources } from '../kernel-sources.js';
import type { PreparedKernel } from '../prepared-kernel.js';
import { checkOut, ensureCommit } from './fetch-tree.js';

/** Raised when kernels are built in another way, so that those of before are built again. */
const RECIPE = 1;
/** About how many files a small configuration has: what progress is measured by. */
const STEPS = 1400;

/**
 * Has a kernel of a git repository in the cache: from there, or fetched and built with the fragments for trees.
 * What decides is the tree's id, the fragments and the compiler. Commits of one line share a working tree and
 * what was compiled of it. Errors: those of git and of a build.
 */
export async function prepareUpstream(
  id: string,
  line: string,
  source: GitSource,
  options: Omit<KernelOptions, 'mirror'> = {},
): Promise<PreparedKernel> {
  const { tree } = kernelSources();
  const { signal, onProgress, onNotice } = options;
  const root = options.cacheFolder ?? cacheRoot();
  const all = mergeFragments(await readFragments([...tree.fragments, ...tree.optionalFragments]));
  const compiler = await compilerVersion(id, tree.compiler, signal);
  const treeId = await ensureCommit(source, options);
  const key = shortHash([RECIPE, treeId, configText(all), compiler]);
  const folder = join(root, 'kernels', `${id}-${key}`);
  const manifest = await ensureCacheEntry(folder, {
    ...{ what: id, signal, onProgress, onNotice },
    build: async (staging, buildSignal) => {
      await requireBuildTools(id, tree.compiler);
      const place = join(root, 'trees', sha256(`${source.url} ${line}`).slice(0, 16));
      return withLock(
        place,
        async (lockSignal) => {
          const log = join(root, 'build-logs', `${id}-${key}.log`);
          await rm(log, { force: true });
          const [files, objects] = [join(place, 'source'), join(place, 'objects')];
          await checkOut(source, files, { ...options, signal: lockSignal });
          const compile: CompileOptions = {
            ...{ owner: id, source: files, objects, log, signal: lockSignal, onProgress },
            compiler: tree.compiler,
          };
          const isOptional = (name: string): boolean => tree.optionalFragments.includes(name);
          const optional = all.filter(({ fragment }) => isOptional(fragment));
          const wanted = all.filter(({ fragment }) => !isOptional(fragment));
          const startedAt = performance.now();
          await configureKernel(compile, wanted, optional);
          for (const lost of lostOptions(optional, await readConfiguration(compile))) {
            onNotice?.(
              `${id}: this source has no CONFIG_${lost.wanted.name} (${lost.wanted.fragment})`,
            );
          }
          await copyFile(await compileKernel(compile, STEPS), join(staging, 'vmlinux'));
          await copyFile(join(objects, '.config'), join(staging, 'config'));
          const seconds = Math.round((performance.now() - startedAt) / 1000);
          onNotice?.(`${id}: built ${source.commit.slice(0, 12)} in ${seconds} s; log: ${log}`);
          return manifestOf(staging, source);
        },
        { signal: buildSignal, onWait: () => onProgress?.(`${id}: waiting for another build`) },
      );
    },
  });
  const { image } = manifest;
  if (image === null) {
    throw new SprmatrixError({ code: 'CACHE_INVALID', message: `${folder} has no image` });
  }
  return {
    ...{ id, image: join(folder, image.path), sha256: image.sha256, byteOrder: image.byteOrder },
    ...{ package: manifest.package, channelModules: [], kvmModules: [] },
  };
}

async function manifestOf(staging: string, source: GitSource): Promise<KernelManifest> {
  const path = join(staging, 'vmlinux');
  const { byteOrder } = await readKernelHeader(path);
  return {
    format: 1,
    image: { path: 'vmlinux', sha256: await sha256OfFile(path), byteOrder },
    package: { name: source.url, version: `${source.ref} ${source.commit}` },
    ...{ channelModules: [], kvmModules: [] },
  };
}
