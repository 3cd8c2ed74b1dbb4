import { compareDebianVersions } from '../../debian/debian-version.js';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import type { CellRecord } from '../../record/cell-record.js';

/**
 * One line about the kernels of Debian that are newer than their baselines, or have none; undefined where there
 * is no such kernel. `baselines` are of any platforms.
 */
export function newerKernelsText(
  listed: readonly KernelEntry[],
  baselines: readonly CellRecord[],
): string | undefined {
  const newer = listed.flatMap(({ id, source }) => {
    const [first] = source.kind === 'debian' ? source.packages : [];
    if (first === undefined) return [];
    const known = baselines.flatMap(({ cell, kernel }) =>
      cell.kernel === id ? [kernel.package?.version ?? ''] : [],
    );
    const newest = known.toSorted(compareDebianVersions).at(-1);
    if (newest === undefined) return [{ id, text: `${id} ${first.version} (no baseline)` }];
    return compareDebianVersions(first.version, newest) > 0
      ? [{ id, text: `${id} ${first.version} (baseline: ${newest})` }]
      : [];
  });
  if (newer.length === 0) return undefined;
  const kernels = newer.map(({ id }) => id).join(',');
  return `Debian has newer kernels than the baselines: ${newer.map(({ text }) => text).join(', ')}; they are recorded with --kernel=${kernels} --platform='*' --update-baseline`;
}
