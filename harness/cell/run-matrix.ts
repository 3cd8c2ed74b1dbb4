import { onTrack, span } from '../base/trace.js';
import PQueue from 'p-queue';
import type { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import type { ProbeExtent } from '../probe/probe-extent.js';
import { probeExtentOf } from '../probe/probe-extent.js';
import { withSharedRows } from '../record/shared-rows.js';
import { releaseFreeMemory } from '../sync/release-memory.js';
import type { KernelEvents } from './kernel-preparer.js';
import { Calibrator } from './calibrate/calibrator.js';
import { kernelPreparer } from './kernel-preparer.js';
import { nameOfCell } from './cell.js';
import type { CellResult, RunContext } from './run-planned-cell.js';
import { runPlannedCell } from './run-planned-cell.js';
import type { PlannedCell } from './cell.js';
import type { Cell } from './cell.js';

/** How a cell of a run ended. */
export type CellOutcome = CellResult & { readonly cell: Cell };

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

export interface MatrixOptions extends ProbeExtent {
  readonly cells: readonly PlannedCell[];
  readonly jobs: number;
  readonly outFolder: string;
  /** How long cells are expected to take, in milliseconds by name: the longest start first. */
  readonly expectedMs?: ReadonlyMap<string, number> | undefined;
  /** Where booted machines are saved and restored from; undefined boots them all. */
  readonly snapshots?: SnapshotStore | undefined;
  /** Whether a QEMU that nobody measured is calibrated before its cells run. */
  readonly calibrate?: boolean | undefined;
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly events?: MatrixEvents;
}

/**
 * Runs cells, `jobs` at a time, and writes each one's record as soon as it is there. Kernels are
 * fetched or built next to the cells whose kernel is there; of those the longest starts first, so
 * that none is left over at the end. A cell that fails is an outcome, not an exception: the others go
 * on. Outcomes come back in the order of `cells`.
 */
export async function runMatrix(options: MatrixOptions): Promise<CellOutcome[]> {
  const { cells, jobs, events, expectedMs } = options;
  const queue = new PQueue({ concurrency: jobs });
  const prepare = kernelPreparer(options);
  const calibrator =
    options.calibrate === true
      ? new Calibrator({ ...options, prepare, onNotice: events?.notice })
      : undefined;
  return Promise.all(
    cells.map(async (cell) => {
      const mustBoot = cell.isHardware !== true && cell.obstacle === undefined;
      // A kernel that cannot be had is the outcome of each of its cells.
      if (mustBoot) await prepare(cell.kernel).catch(() => undefined);
      return queue.add(
        async () =>
          onTrack(nameOfCell(cell), async () => {
            const startedAt = performance.now();
            events?.cellStarted?.(cell);
            const outcome = await cellOutcome(cell, prepare, options, calibrator);
            events?.cellEnded?.(outcome, performance.now() - startedAt);
            // The answer of a single cell does not wait for it.
            if (cells.length > 1) releaseFreeMemory();
            return outcome;
          }),
        { priority: expectedMs?.get(nameOfCell(cell)) ?? 0 },
      );
    }),
  );
}

async function cellOutcome(
  cell: PlannedCell,
  prepare: RunContext['prepare'],
  options: MatrixOptions,
  calibrator: Calibrator | undefined,
): Promise<CellOutcome> {
  const { outFolder, snapshots, signal, events } = options;
  let endPhase = span('phase', 'prepare');
  const result = await runPlannedCell(cell, {
    ...{ prepare, ...probeExtentOf(options), outFolder, snapshots, signal },
    calibrationOf: calibrator && (async (booted) => calibrator.calibrationOf(booted)),
    onPhase: (phase) => {
      endPhase();
      endPhase = span('phase', phase);
      events?.cellPhase?.(cell, phase);
    },
    onNotice: events?.notice,
  });
  endPhase();
  // Every record is kept to the end of the run.
  return 'record' in result
    ? { cell, ...result, record: withSharedRows(result.record) }
    : { cell, ...result };
}
