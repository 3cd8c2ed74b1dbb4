import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '../../base/paths.js';
import type { KernelBuild } from '../kernels.generated.js';
import type { BuildOptions } from './build-kernel.js';
import { planBuild, sourceArchive } from './build-kernel.js';
import { requireBuildTools } from './build-tools.js';
import { configureKernel, readConfiguration } from './compile-kernel.js';
import { ensureSourcePackage, unpackSource } from './source-package.js';

/**
 * Configures a build without compiling it, and returns its whole configuration. Errors: those of a
 * build; `KCONFIG_LOST` is what this is for.
 */
export async function checkBuild(
  build: KernelBuild,
  options: BuildOptions & { readonly signal: AbortSignal },
): Promise<string> {
  const { signal, onProgress } = options;
  const { wanted, sourcePackage } = await planBuild(build, options);
  await requireBuildTools(build.id, build.compiler);
  const archive = { ...options, source: sourceArchive(options) };
  const deb = await ensureSourcePackage(build.id, sourcePackage, archive);
  const root = join(options.cacheFolder ?? cacheRoot(), 'kernels');
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, `.${build.id}-check-`));
  try {
    onProgress?.(`${build.id}: unpacking the source`);
    const source = join(folder, 'source');
    await unpackSource(deb, source, signal);
    const compile = {
      ...{ owner: build.id, source, objects: join(folder, 'objects'), signal, onProgress },
      ...{ compiler: build.compiler, log: join(folder, 'log') },
    };
    await configureKernel(compile, wanted);
    return await readConfiguration(compile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
