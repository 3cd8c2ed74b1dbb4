import { traced } from '../base/trace.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { runAgain } from './again.js';
import { agentForCell } from '../machine/agent-binary.js';
import { obstacleOf } from '../machine/obstacles.js';
import type { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import type { ProbeExtent } from '../probe/probe-extent.js';
import { probeExtentOf } from '../probe/probe-extent.js';
import type { Calibration, CellRecord } from '../record/record.generated.js';
import { writeRecord } from '../record/record-files.js';
import type { BootCellOptions } from './booted-cell.js';
import type { BootableCell, HardwareCell, PlannedCell } from './cell.js';
import { nameOfCell } from './cell.js';
import { runCellInto } from './run-cell.js';
import { runHardwareCell } from './run-hardware-cell.js';

/** Where cells' records and logs go, and who is notified of what happens in them. */
export interface CellContext {
  readonly outFolder: string;
  /** Where booted machines are saved and restored from; undefined boots them all. */
  readonly snapshots?: SnapshotStore | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onPhase?: ((phase: string) => void) | undefined;
  /** A line that a person should see. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** What a cell is run with. */
export interface RunContext extends CellContext, ProbeExtent {
  /** Has a kernel ready to boot. */
  readonly prepare: (kernel: KernelEntry) => Promise<PreparedKernel>;
  /** What a cell's record is judged by next to the baselines, if its QEMU was not measured. */
  readonly calibrationOf?: ((cell: BootableCell) => Promise<Calibration | undefined>) | undefined;
}

interface WrittenRecord {
  readonly record: CellRecord;
  readonly path: string;
}

/**
 * How a cell ended: with a record on disk, with the reason why it cannot run, or with the harness's
 * or the machine's failure.
 */
export type CellResult =
  WrittenRecord | { readonly obstacle: string } | { readonly error: unknown };

/**
 * Runs a planned cell, on a machine that is booted or on one that is there, and writes its record. The
 * one way to run a cell: a failure is a result, so that other cells go on.
 */
export async function runPlannedCell(cell: PlannedCell, context: RunContext): Promise<CellResult> {
  if (cell.obstacle !== undefined) return { obstacle: cell.obstacle };
  try {
    context.signal?.throwIfAborted();
    return await askCell(cell, context);
  } catch (error) {
    const obstacle = obstacleOf(error);
    return obstacle === undefined ? { error } : { obstacle };
  }
}

async function askCell(
  cell: BootableCell | HardwareCell,
  context: RunContext,
): Promise<WrittenRecord> {
  const { signal, onPhase, outFolder } = context;
  const extent = probeExtentOf(context);
  const write = async (record: CellRecord): Promise<WrittenRecord> => {
    const path = await traced('files', 'record', async () => writeRecord(outFolder, record));
    return { record, path };
  };
  if (cell.isHardware === true) {
    const { platform, flavour } = cell;
    return write(await runHardwareCell({ platform, flavour, ...extent, signal, onPhase }));
  }
  const kernel = await traced('files', 'kernel', async () => context.prepare(cell.kernel));
  const calibration = await context.calibrationOf?.(cell);
  return runCellInto({ ...bootOptions(cell, kernel, context), ...extent }, async (record) =>
    write(calibration === undefined ? record : { ...record, calibration }),
  );
}

/** What the machine of a cell is booted with; `reproduce` is a command that runs the cell again. */
export function bootOptions(
  cell: BootableCell,
  kernel: PreparedKernel,
  { outFolder, snapshots, signal, onPhase, onNotice }: CellContext,
  reproduce: string = runAgain(cell),
): BootCellOptions {
  const { platform, qemu } = cell;
  const agentPath = agentForCell(nameOfCell(cell), platform, kernel);
  return {
    ...{ kernel, platform, qemu, agentPath, outFolder, snapshots, reproduce, signal },
    ...{ onPhase, onNotice },
  };
}
