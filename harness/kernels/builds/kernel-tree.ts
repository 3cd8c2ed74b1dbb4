import { existsSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot } from '../../base/paths.js';
import { shortHash } from '../../base/short-hash.js';
import type { KernelOptions } from '../kernel-entry.js';
import { kernelSources } from '../kernel-sources.js';
import type { TreeBuild } from '../kernels.generated.js';
import { requireBuildTools } from './build-tools.js';
import { lostOptions } from './check-config.js';
import type { CompileOptions } from './compile-kernel.js';
import {
  compileKernel,
  configureKernel,
  readConfiguration,
  updateConfiguration,
} from './compile-kernel.js';
import { mergeFragments, readFragments } from './fragments.js';

/** About how many files a small configuration has: what progress is measured by. */
const STEPS = 1300;
/** Files at the top of the sources of every kernel that has KVM for PowerPC. */
const SOURCE_MARKS = ['Makefile', 'Kconfig', 'arch/powerpc'];

/** What of a user's kernel tree is booted. */
export interface TreeKernel {
  readonly image: string;
  /** A folder of modules, when the tree has some. */
  readonly modules: string | undefined;
}

/**
 * The kernel that was built in a folder: of sources, or what `make O=` writes to. Throws the usage
 * error `TREE_WITHOUT_VMLINUX` when there is none.
 */
export function findTreeKernel(path: string): TreeKernel {
  const folder = resolve(path);
  const image = join(folder, 'vmlinux');
  if (existsSync(image)) {
    const hasModules = existsSync(join(folder, 'modules.order'));
    return { image, modules: hasModules ? folder : undefined };
  }
  const isTree = isSource(folder) || existsSync(join(folder, 'source'));
  throw new SprmatrixError({
    code: 'TREE_WITHOUT_VMLINUX',
    kind: 'usage',
    message: isTree
      ? `${folder} is a kernel tree without vmlinux: it is not built`
      : `${folder} holds no vmlinux, and is no kernel tree`,
    hint: isTree
      ? '--build builds it with the fragments of fixtures/kconfig; or build it yourself with ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu-'
      : 'a kernel is a path of a vmlinux, or of the folder that a kernel was built in',
  });
}

/** Whether a folder holds a kernel's sources, or is what `make O=` writes to. */
export function isKernelTree(path: string): boolean {
  const folder = resolve(path);
  return isSource(folder) || ['Makefile', '.config'].some((name) => existsSync(join(folder, name)));
}

/**
 * Builds a user's kernel tree. One that was configured in place is built there, with its own
 * configuration; any other with our fragments and outside of it, where what was compiled before for
 * the same folder is used again, so that a step of `git bisect` compiles what changed. Options of
 * the optional fragments that this source has no more are a notice. `recipe` says how, where that is not as
 * matrix/kernels.json has it for trees. Errors: `NOT_A_TREE`, and those
 * of a build.
 */
export async function buildTree(
  path: string,
  options: KernelOptions & { readonly recipe?: TreeBuild } = {},
): Promise<TreeKernel> {
  const { recipe: tree = kernelSources().tree } = options;
  const source = await sourceOf(path);
  await requireBuildTools(source, tree.compiler);
  const root = options.cacheFolder ?? cacheRoot();
  const outside = treeObjects(source, root, tree.compiler);
  const isConfigured = existsSync(join(source, '.config'));
  const objects = isConfigured ? source : outside;
  return withLock(
    outside,
    async (signal) => {
      const log = join(root, 'build-logs', `tree-${basename(outside)}.log`);
      await rm(log, { force: true });
      const compile: CompileOptions = {
        ...{ owner: source, source, objects, compiler: tree.compiler, log, signal },
        onProgress: options.onProgress,
      };
      if (isConfigured) await updateConfiguration(compile);
      else await configureTree(compile, tree, options.onNotice);
      await compileKernel(compile, STEPS);
      return findTreeKernel(objects);
    },
    {
      signal: options.signal,
      onWait: () => options.onProgress?.(`${source}: waiting for another run that builds it`),
    },
  );
}

/** Where what is compiled of a tree that is not configured itself is kept: the real path of its sources. */
export function treeObjects(
  source: string,
  root: string = cacheRoot(),
  compiler: string = kernelSources().tree.compiler,
): string {
  return join(root, 'trees', shortHash([source, compiler]));
}

async function configureTree(
  compile: CompileOptions,
  { fragments, optionalFragments }: TreeBuild,
  onNotice: ((message: string) => void) | undefined,
): Promise<void> {
  const all = mergeFragments(await readFragments([...fragments, ...optionalFragments]));
  const isOptional = (fragment: string): boolean => optionalFragments.includes(fragment);
  const wanted = all.filter(({ fragment }) => !isOptional(fragment));
  const optional = all.filter(({ fragment }) => isOptional(fragment));
  await configureKernel(compile, wanted, optional);
  for (const { wanted: option } of lostOptions(optional, await readConfiguration(compile))) {
    onNotice?.(`${compile.owner}: this source has no CONFIG_${option.name} (${option.fragment})`);
  }
}

/** The folder of the sources: the path itself, or what a build folder's `source` link says. */
async function sourceOf(path: string): Promise<string> {
  const folder = await realpath(path).catch(() => resolve(path)); // reported below when it is not there
  const source = isSource(folder) ? folder : join(folder, 'source');
  if (!isSource(source)) {
    throw new SprmatrixError({
      code: 'NOT_A_TREE',
      kind: 'usage',
      message: `${folder} holds no kernel sources to build (${SOURCE_MARKS.join(', ')})`,
    });
  }
  return realpath(source);
}

function isSource(folder: string): boolean {
  return SOURCE_MARKS.every((name) => existsSync(join(folder, name)));
}
