import { runAgainCommand } from '../kernels/select-kernels.js';
import { agentForCell } from '../machine/agent-binary.js';
import type { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import type { BootCellOptions } from '../cell/booted-cell.js';
import { DEFAULT_HOSTILE } from '../probe/hostile/hostile-plan.js';
import { runCell } from '../cell/run-cell.js';
import type { CellRecord } from '../record/record.generated.js';
import { writeRecord } from '../record/record-files.js';
import type { BenchCell, BenchContext } from './bench-context.js';
import { timed } from './statistics.js';

/** What a cell is booted with. */
export function bootOptionsOf(
  { cell, name, kernel, qemu }: BenchCell,
  { folder, signal, say }: BenchContext,
): BootCellOptions {
  return {
    kernel,
    platform: cell.platform,
    qemu,
    agentPath: agentForCell(name, cell.platform, kernel),
    outFolder: folder,
    reproduce: runAgainCommand(cell.kernel, cell.platform.id),
    signal,
    onNotice: say,
  };
}

/** Runs a whole cell with all probes, to its record on disk; without `snapshots` it boots. */
export async function runBenchCell(
  cell: BenchCell,
  context: BenchContext,
  snapshots?: SnapshotStore,
): Promise<{ readonly ms: number; readonly timings: NonNullable<CellRecord['timings']> }> {
  const { ms, result } = await timed(async () => {
    const options = bootOptionsOf(cell, context);
    const record = await runCell({ ...options, snapshots, hostile: DEFAULT_HOSTILE });
    await writeRecord(context.folder, record);
    return record;
  });
  return { ms, timings: result.timings ?? {} };
}
