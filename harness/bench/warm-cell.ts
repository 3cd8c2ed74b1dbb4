import { SprmatrixError } from '../base/error.js';
import { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells } from './bench-context.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { runBenchCell } from './run-bench-cell.js';
import { medianOfEach } from './statistics.js';

const CELLS = ['latest/pseries-p9-nested', 'latest/powernv9'];
const AIM = { is: 'at most', value: 0.2 } as const;

/**
 * A cell on a machine that is restored from its snapshot next to the same cell that boots, in turn,
 * both with the oldest QEMU that can restore it.
 */
export const warmCell: FigureSource = {
  id: 'warm',
  what: 'a cell on a restored machine next to one that boots',
  isExpensive: false,
  measure: async (context) => measureCells(context, { defaults: CELLS, isWarm: true }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure> {
  const snapshots = new SnapshotStore();
  // The first one saves the machine, if no run did before.
  await runBenchCell(cell, context, snapshots);
  const runs: { coldMs: number; warmMs: number; restoreMs: number }[] = [];
  const timings: Record<string, number>[] = [];
  for (let run = 1; run <= context.runs; run++) {
    const cold = await runBenchCell(cell, context);
    const warm = await runBenchCell(cell, context, snapshots);
    const restoreMs = warm.timings['restoreMs'];
    if (restoreMs === undefined) throw notRestored(cell);
    runs.push({ coldMs: cold.ms, warmMs: warm.ms, restoreMs });
    timings.push(warm.timings);
    const [coldMs, warmMs] = [cold.ms, warm.ms].map(Math.round);
    context.say(`${cell.name} ${run}/${context.runs}: cold ${coldMs} ms, warm ${warmMs} ms`);
  }
  const medians = medianOfEach(runs);
  return judged({
    name: `warm cell / cold cell, ${cell.name}`,
    aim: AIM,
    value: medians.warmMs / medians.coldMs,
    unit: 'ratio',
    details: {
      cell: cell.name,
      qemu: cell.qemu.version,
      ...medians,
      timings: medianOfEach(timings),
      runs,
    },
  });
}

function notRestored({ name }: BenchCell): SprmatrixError {
  return new SprmatrixError({
    code: 'NOT_RESTORED',
    message: `${name} was booted where a warm cell was to be measured`,
    hint: 'its snapshot was dropped; the line above says why',
  });
}
