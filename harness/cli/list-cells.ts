import { messageOf } from '../base/error.js';
import { nameOfCell } from '../cell/cell.js';
import { checkLocalMachine } from '../hardware/local-machine.js';
import { readBaselines } from '../judge/baseline.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { availableQemus } from '../machine/available-qemus.js';
import { chooseQemu } from '../machine/obstacles.js';
import type { Hardware } from '../machine/platforms.js';
import { loadHardware, loadPlatforms } from '../machine/platforms.js';
import { cellName } from '../record/cell-name.js';
import { RUNNING_KERNEL } from '../record/kernel-id.js';

/** A line of `sprmatrix list cells`. */
// Not an interface: a list's rows are records.
export type CellRow = Readonly<{ cell: string; state: string; reason: string | null }>;

/** Hardware has no baseline: which kernel runs there, and on what, is known when it is asked. */
function hardwareCell(hardware: Hardware): CellRow {
  const cell = `${RUNNING_KERNEL}/${hardware.id}`;
  try {
    if (hardware.reach === 'local') checkLocalMachine({ id: hardware.id, hardware });
    return { cell, state: 'no baseline', reason: null };
  } catch (error) {
    return { cell, state: 'cannot run', reason: messageOf(error) };
  }
}

/** A cell's state, and why it cannot run: at all, or with the QEMUs that are here. */
export async function listCells(kernels: readonly KernelEntry[]): Promise<CellRow[]> {
  const baselines = new Set((await readBaselines()).map(({ cell }) => cellName(cell)));
  const platforms = loadPlatforms();
  const qemus = await availableQemus().catch(() => []); // with none, the list says what is needed
  const booted = kernels.flatMap((kernel) =>
    platforms.map((platform) => {
      const cell = nameOfCell({ kernel, platform });
      const { obstacle } = chooseQemu(platform, kernel, qemus);
      const withoutBaseline = obstacle === undefined ? 'no baseline' : 'cannot run';
      const state = baselines.has(cell) ? 'baseline' : withoutBaseline;
      return { cell, state, reason: obstacle ?? null };
    }),
  );
  return [...booted, ...loadHardware().map(hardwareCell)];
}
