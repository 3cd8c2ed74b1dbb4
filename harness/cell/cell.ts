import type { HardwarePlatform } from '../hardware/hardware.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import type { Platform } from '../machine/platforms.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { RUNNING_KERNEL } from '../record/kernel-id.js';
import type { CellIds } from '../record/cell-name.js';
import { cellName } from '../record/cell-name.js';
import type { HardwareFlavour } from './run-hardware-cell.js';

/** A kernel that is to be booted on an emulated platform. */
export interface EmulatedCell {
  readonly kernel: KernelEntry;
  readonly platform: Platform;
  readonly isHardware?: undefined;
}

/** A machine that is there, with the kernel that runs on it. */
export interface HardwareCell {
  readonly kernel: { readonly id: typeof RUNNING_KERNEL };
  readonly platform: HardwarePlatform;
  readonly flavour?: HardwareFlavour | undefined;
  readonly isHardware: true;
  readonly qemu?: undefined;
  readonly obstacle?: undefined;
}

export type Cell = EmulatedCell | HardwareCell;

/** A cell with the QEMU that it is booted with. */
export interface BootableCell extends EmulatedCell {
  readonly qemu: QemuBinary;
  readonly obstacle?: undefined;
}

/** A cell that cannot run, with the reason. */
export interface ObstructedCell extends EmulatedCell {
  readonly obstacle: string;
  readonly qemu?: undefined;
}

/** A cell of which it is known how, or that it cannot, run; hardware needs no QEMU. */
export type PlannedCell = BootableCell | ObstructedCell | HardwareCell;

/** What of a cell makes its name. */
export interface NamedCell {
  readonly kernel: { readonly id: string };
  readonly platform: { readonly id: string };
}

/** The ids of a cell, as its record has them. */
export function cellIds({ kernel, platform }: NamedCell): CellIds {
  return { kernel: kernel.id, platform: platform.id };
}

/** The name of a cell, as its record has it. */
export function nameOfCell(cell: NamedCell): string {
  return cellName(cellIds(cell));
}
