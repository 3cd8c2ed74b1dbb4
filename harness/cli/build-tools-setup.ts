import { missingBuildTools } from '../kernels/builds/build-tools.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { install } from './setup-command.js';

/**
 * Installs what building those of `kernels` that are built here needs, as `setup` does: as root;
 * otherwise throws `PACKAGES_MISSING` with the command to run. Nothing when all is there.
 */
export async function setUpBuildTools(kernels: readonly KernelEntry[]): Promise<void> {
  const compilers = kernels.flatMap(({ source }) =>
    source.kind === 'build' ? [source.build.compiler] : [],
  );
  if (compilers.length === 0) return;
  const { packages } = await missingBuildTools([...new Set(compilers)]);
  if (packages.length > 0) await install(packages);
}
