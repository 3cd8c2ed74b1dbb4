import { cellName } from '../record/cell-name.js';
import type { CellRecord } from '../record/cell-record.js';
import { kernelVersion } from '../record/kernel-version.js';
import type { CellTimes } from './time/cell-times.js';
import { isKernelSelected } from '../base/selectors.js';
import type { KernelIdentity } from '../machine/obstacles.js';
import { findObstacle } from '../machine/obstacles.js';
import type { Platform } from '../machine/platforms.js';

/** What matrix/ says that there is, besides baselines. */
export interface KnownCells {
  readonly platforms: readonly Platform[];
  /** The ids of matrix/kernels.json's builds. */
  readonly builds: readonly string[];
  readonly times: CellTimes;
}

/**
 * What one file of matrix/ has and another has not, a line each: a baseline of a cell that platforms.json or
 * kernels.json does not let run, so that no run compares it; an exclusion of kernels of which none is on record;
 * and a cell that was timed and has no baseline.
 */
export function cellFaults(
  baselines: readonly CellRecord[],
  { platforms, builds, times }: KnownCells,
): string[] {
  const names = new Set(baselines.map(({ cell }) => cellName(cell)));
  return [
    ...baselines.flatMap((baseline) => {
      const why = whyNeverRun(baseline, platforms, builds);
      return why === undefined ? [] : [`${cellName(baseline.cell)}: it is on record, and ${why}`];
    }),
    ...platforms.flatMap(({ id, never }) =>
      never
        .flatMap(({ kernels }) => kernels)
        .filter((selector) => !baselines.some((baseline) => isOf(selector, baseline)))
        .map((selector) => `${id}: never: no kernel on record is "${selector}"`),
    ),
    ...Object.keys(times)
      .filter((name) => !names.has(name))
      .map((name) => `${name}: matrix/cell-times.json has it, and it has no baseline`),
  ];
}

function whyNeverRun(
  baseline: CellRecord,
  platforms: readonly Platform[],
  builds: readonly string[],
): string | undefined {
  const { cell, kernel, machine } = baseline;
  const platform = platforms.find(({ id }) => id === cell.platform);
  if (platform === undefined) return `matrix/platforms.json has no ${cell.platform}`;
  if (cell.kernel.startsWith('build-') && !builds.includes(cell.kernel))
    return `matrix/kernels.json has no build ${cell.kernel}`;
  if (!platform.byteOrders.includes(kernel.byteOrder))
    return `matrix/platforms.json has no ${kernel.byteOrder}-endian kernels there`;
  const obstacle = findObstacle(platform, identityOf(baseline), machine.qemu ?? undefined);
  return obstacle && `matrix/platforms.json says that it never runs: ${obstacle}`;
}

function isOf(selector: string, baseline: CellRecord): boolean {
  return isKernelSelected(selector, identityOf(baseline));
}

function identityOf(baseline: CellRecord): KernelIdentity {
  return { id: baseline.cell.kernel, version: kernelVersion(baseline)?.version ?? '' };
}
