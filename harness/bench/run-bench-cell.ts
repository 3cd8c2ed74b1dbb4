import type { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import type { BootCellOptions } from '../cell/booted-cell.js';
import { DEFAULT_HOSTILE } from '../probe/hostile/hostile-plan.js';
import { bootOptions, runPlannedCell } from '../cell/run-planned-cell.js';
import { cannotRunError } from '../machine/obstacles.js';
import type { CellRecord } from '../record/record.generated.js';
import type { BenchCell, BenchContext } from './bench-context.js';
import { timed } from './statistics.js';

/** What a cell is booted with. */
export function bootOptionsOf(
  { cell, kernel }: BenchCell,
  { folder, signal, say }: BenchContext,
): BootCellOptions {
  return bootOptions(cell, kernel, { outFolder: folder, signal, onNotice: say });
}

/** Runs a whole cell with all probes, to its record on disk; without `snapshots` it boots. */
export async function runBenchCell(
  cell: BenchCell,
  context: BenchContext,
  snapshots?: SnapshotStore,
): Promise<{ readonly ms: number; readonly timings: NonNullable<CellRecord['timings']> }> {
  const { ms, result } = await timed(async () =>
    runPlannedCell(cell.cell, {
      prepare: () => Promise.resolve(cell.kernel),
      ...{ outFolder: context.folder, signal: context.signal, onNotice: context.say },
      ...{ snapshots, hostile: DEFAULT_HOSTILE },
    }),
  );
  if ('error' in result) throw result.error;
  if ('obstacle' in result) throw cannotRunError(cell.name, result.obstacle);
  return { ms, timings: result.record.timings ?? {} };
}
