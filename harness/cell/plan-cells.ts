import { chooseQemu } from '../machine/obstacles.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { Cell, PlannedCell } from './cell.js';

/** Gives each cell that is booted the oldest of `qemus` that can run it. */
export function planCells(cells: readonly Cell[], qemus: readonly QemuBinary[]): PlannedCell[] {
  return cells.map((cell) => {
    if (cell.isHardware === true) return cell;
    const choice = chooseQemu(cell.platform, cell.kernel, qemus);
    return choice.obstacle === undefined
      ? { ...cell, qemu: choice.qemu }
      : { ...cell, obstacle: choice.obstacle };
  });
}
