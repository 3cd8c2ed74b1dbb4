import type { KernelEntry } from './kernel-entry.js';
import { kernelSources } from './kernel-sources.js';
import type { KernelBuild } from './kernels.generated.js';

/** The kernels of matrix/kernels.json that are built from source, as kernels that can be selected. */
export function buildEntries(
  builds: readonly KernelBuild[] = kernelSources().builds,
): KernelEntry[] {
  return builds.map((build) => {
    const [, line = '', variant = ''] = /^build-([^-]+)-?(.*)$/.exec(build.id) ?? [];
    return { id: build.id, line, version: line, variant, source: { kind: 'build', build } };
  });
}
