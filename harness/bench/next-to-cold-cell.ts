import type { BenchCell, BenchContext } from './bench-context.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { runBenchCell } from './run-bench-cell.js';
import { medianOfEach } from './statistics.js';

/** What a cold cell is measured next to. */
export interface Other {
  /** In lines about what goes on. */
  readonly what: string;
  /** The figure's name, without the cell's. */
  readonly figure: string;
  readonly aim: Figure['aim'];
  /** Milliseconds that one run takes, and of what; their sum is what is compared. */
  readonly run: () => Promise<Readonly<Record<string, number>>>;
}

/** How many times as long as a cold cell something else takes: medians of runs in turn. */
export async function nextToColdCell(
  cell: BenchCell,
  context: BenchContext,
  { what, figure, aim, run }: Other,
): Promise<Figure> {
  const { name, qemu } = cell;
  const runs: { otherMs: number; cellMs: number }[] = [];
  const phases: Readonly<Record<string, number>>[] = [];
  for (let count = 1; count <= context.runs; count++) {
    const times = await run();
    const otherMs = Object.values(times).reduce((sum, ms) => sum + ms, 0);
    const { ms: cellMs } = await runBenchCell(cell, context);
    runs.push({ otherMs, cellMs });
    phases.push(times);
    const [other, ours] = [otherMs, cellMs].map(Math.round);
    context.say(`${name} ${count}/${context.runs}: ${what} ${other} ms, cell ${ours} ms`);
  }
  const medians = medianOfEach(runs);
  return judged({
    name: `${figure}, ${name}`,
    aim,
    value: medians.otherMs / medians.cellMs,
    unit: 'times',
    details: {
      ...{ cell: name, qemu: qemu.version, ...medians, runs },
      phasesMs: medianOfEach(phases),
    },
  });
}
