import type { PlannedCell } from '../../cell/cell.js';
import { whyAlwaysCold } from '../../machine/snapshots/why-cold.js';

/**
 * Which QEMUs the cells of a run use, and why, a line each: `isNamed` when a person chose them.
 */
export function qemuLines(cells: readonly PlannedCell[], isNamed: boolean): string[] {
  const lines = new Map<string, number>();
  for (const cell of cells) {
    if (cell.qemu === undefined) continue;
    const { qemu } = cell;
    const isRestoring = whyAlwaysCold(cell.platform, qemu.version) === undefined;
    const why = isNamed ? WHY.named : isRestoring ? WHY.restoring : WHY.oldest;
    const line = `QEMU ${qemu.version} (${qemu.path}) for %: ${why}`;
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return [...lines].map(([line, count]) =>
    line.replace('%', () => (count === 1 ? '1 cell' : `${count} cells`)),
  );
}

const WHY = {
  named: 'it was named',
  restoring: 'the oldest here that restores machines from snapshots',
  oldest: 'the oldest here that the platform can use; none restores its machines',
} as const;
