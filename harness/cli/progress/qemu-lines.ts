import type { PlannedCell } from '../../cell/cell.js';
import { QEMU_PREFERENCE } from '../../machine/obstacles.js';

/**
 * Which QEMUs the cells of a run use, and why, a line each: `isNamed` when a person chose them.
 */
export function qemuLines(cells: readonly PlannedCell[], isNamed: boolean): string[] {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const qemu = 'qemu' in cell ? cell.qemu : undefined;
    if (qemu === undefined) continue;
    const name = `QEMU ${qemu.version} (${qemu.path})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => {
    const what = count === 1 ? '1 cell' : `${count} cells`;
    return `${name} for ${what}: ${isNamed ? 'it was named' : WHY[QEMU_PREFERENCE]}`;
  });
}

const WHY = {
  oldest: 'the oldest here that the platform can use',
  restoring: "the oldest here that restores the platform's machines, if any does",
} as const;
