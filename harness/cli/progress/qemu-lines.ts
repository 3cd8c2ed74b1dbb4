import { countOf } from '../../base/count.js';
import type { PlannedCell } from '../../cell/cell.js';
import type { QemuBinary } from '../../machine/qemu-binary.js';
import { whyCold } from '../../machine/snapshots/why-cold.js';

/**
 * Which QEMUs the cells of a run use, and why, a line each: `isNamed` when a person chose them.
 */
export function qemuLines(cells: readonly PlannedCell[], isNamed: boolean): string[] {
  const uses = new Map<string, { qemu: QemuBinary; why: string; count: number }>();
  for (const cell of cells) {
    if (cell.qemu === undefined) continue;
    const { qemu } = cell;
    const isRestoring = whyCold(cell.platform, qemu.version) === undefined;
    const why = isNamed ? WHY.named : isRestoring ? WHY.restoring : WHY.oldest;
    const key = [qemu.version, qemu.path, why].join(' ');
    uses.set(key, { qemu, why, count: (uses.get(key)?.count ?? 0) + 1 });
  }
  return [...uses.values()].map(
    ({ qemu: { version, path }, why, count }) =>
      `QEMU ${version} (${path}) for ${countOf(count, 'cell')}: ${why}`,
  );
}

const WHY = {
  named: 'it was named',
  restoring: 'the oldest here that restores machines from snapshots',
  oldest: 'the oldest here that the platform can use; none restores its machines',
} as const;
