import { chooseQemu } from '../machine/obstacles.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { BootedCell, Cell, HardwareCell } from './selection.js';

/** A cell with the QEMU that it runs on, or with the reason why it cannot run; hardware needs none. */
export type PlannedCell =
  | (BootedCell &
      (
        | { readonly qemu: QemuBinary; readonly obstacle?: undefined }
        | { readonly obstacle: string; readonly qemu?: undefined }
      ))
  | HardwareCell;

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
