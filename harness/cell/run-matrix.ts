import PQueue from 'p-queue';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import { runAgainCommand } from '../kernels/select-kernels.js';
import { agentForCell } from '../machine/agent-binary.js';
import { obstacleOf } from '../machine/obstacles.js';
import type { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import { runCell } from './run-cell.js';
import { runHardwareCell } from './run-hardware-cell.js';
import type { HostilePlan } from '../probe/hostile/hostile-plan.js';
import type { CellRecord } from '../record/record.generated.js';
import { writeRecord } from '../record/record-files.js';
import { withSharedRows } from '../record/shared-rows.js';
import type { Register } from '../sync/register-table.js';
import { releaseFreeMemory } from '../sync/release-memory.js';
import type { KernelEvents } from './kernel-preparer.js';
import { kernelPreparer } from './kernel-preparer.js';
import type { PlannedCell } from './plan-cells.js';
import type { Cell } from './selection.js';

/**
 * How a cell ended: with a record on disk, with the reason why it cannot run, or with the harness's
 * or the machine's failure.
 */
export type CellOutcome =
  | { readonly cell: Cell; readonly record: CellRecord; readonly path: string }
  | { readonly cell: Cell; readonly obstacle: string }
  | { readonly cell: Cell; readonly error: unknown };

/** How a cell ended that was not recorded but did something else: "12 guests restored". */
export interface CellDone {
  readonly cell: Cell;
  readonly done: string;
}

/** What happens in a run, for whoever shows it. Times are milliseconds. */
export interface MatrixEvents extends KernelEvents {
  readonly cellStarted?: (cell: Cell) => void;
  readonly cellPhase?: (cell: Cell, phase: string) => void;
  readonly cellEnded?: (outcome: CellOutcome | CellDone, ms: number) => void;
}

export interface MatrixOptions {
  readonly cells: readonly PlannedCell[];
  readonly registers: readonly Register[];
  /** The hostile calls to make in each cell; none when undefined. */
  readonly hostile?: HostilePlan | undefined;
  readonly jobs: number;
  readonly outFolder: string;
  /** How long cells are expected to take, in milliseconds by name: the longest start first. */
  readonly expectedMs?: ReadonlyMap<string, number> | undefined;
  /** Where booted machines are saved and restored from; undefined boots them all. */
  readonly snapshots?: SnapshotStore | undefined;
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly events?: MatrixEvents;
}

/** What a cell is called everywhere: `<kernel id>/<platform id>`. */
export function cellName({ kernel, platform }: Cell): string {
  return `${kernel.id}/${platform.id}`;
}

/**
 * Runs cells, `jobs` at a time, and writes each one's record as soon as it is there. Kernels are
 * fetched or built beside the cells whose kernel is there; of those the longest starts first, so
 * that none is left over at the end. A cell that fails is an outcome, not an exception: the others go
 * on. Outcomes come back in the order of `cells`.
 */
export async function runMatrix(options: MatrixOptions): Promise<CellOutcome[]> {
  const { cells, jobs, events, expectedMs } = options;
  const queue = new PQueue({ concurrency: jobs });
  const prepare = kernelPreparer(options);
  return Promise.all(
    cells.map(async (cell) => {
      const mustBoot = cell.isHardware !== true && cell.obstacle === undefined;
      // A kernel that cannot be had is the outcome of each of its cells.
      if (mustBoot) await prepare(cell.kernel).catch(() => undefined);
      return queue.add(
        async () => {
          const startedAt = performance.now();
          events?.cellStarted?.(cell);
          const outcome = await cellOutcome(cell, prepare, options);
          events?.cellEnded?.(outcome, performance.now() - startedAt);
          // The answer of a single cell does not wait for it.
          if (cells.length > 1) releaseFreeMemory();
          return outcome;
        },
        { priority: expectedMs?.get(cellName(cell)) ?? 0, throwOnTimeout: true },
      );
    }),
  );
}

async function cellOutcome(
  cell: PlannedCell,
  prepare: (kernel: KernelEntry) => Promise<PreparedKernel>,
  { registers, hostile, outFolder, snapshots, signal, events }: MatrixOptions,
): Promise<CellOutcome> {
  const onPhase = (phase: string): void => {
    events?.cellPhase?.(cell, phase);
  };
  if (cell.obstacle !== undefined) return { cell, obstacle: cell.obstacle };
  try {
    signal?.throwIfAborted();
    if (cell.isHardware === true) {
      const record = await runHardwareCell({ ...cell, registers, hostile, signal, onPhase });
      return await recorded(cell, record, outFolder);
    }
    const kernel = await prepare(cell.kernel);
    const record = await runCell({
      kernel,
      platform: cell.platform,
      qemu: cell.qemu,
      agentPath: agentForCell(cellName(cell), cell.platform, kernel),
      registers,
      hostile,
      outFolder,
      snapshots,
      onNotice: events?.notice,
      reproduce: runAgainCommand(cell.kernel, cell.platform.id),
      signal,
      onPhase,
    });
    return await recorded(cell, record, outFolder);
  } catch (error) {
    const obstacle = obstacleOf(error, cellName(cell));
    return obstacle === undefined ? { cell, error } : { cell, obstacle };
  }
}

async function recorded(cell: Cell, record: CellRecord, outFolder: string): Promise<CellOutcome> {
  return { cell, record: withSharedRows(record), path: await writeRecord(outFolder, record) };
}
