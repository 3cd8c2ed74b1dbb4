import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells, runArguments } from './bench-context.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { timeCli } from './run-cli.js';
import { median } from './statistics.js';
import type { TimeLineSpan } from './time-line-spans.js';
import { readTimeLine } from './time-line-spans.js';

const CELLS = ['debian-6.12/pseries-p9-nested'];

/** What is drawn of each cell, and the options of `run` that make it so. */
const KINDS = {
  cold: ['--cold'],
  warm: [],
  'one register, warm': ['--register=LPCR'],
} as const;

/** What passes when in one cell: booted, restored, and restored for one register; the median of the runs of each. */
export const timeLine: FigureSource = {
  id: 'time-line',
  what: 'what passes when in a cold, a warm and a one-register cell',
  isExpensive: false,
  measure: async (context) => measureCells(context, { defaults: CELLS, isWarm: true }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [kind, options] of Object.entries(KINDS)) {
    // The first one saves the machine, if no run did before.
    await traceRun(cell, options, context);
    const runs: Traced[] = [];
    for (let run = 1; run <= context.runs; run++) {
      runs.push(await traceRun(cell, options, context));
      context.say(
        `${cell.name} ${run}/${context.runs}: ${kind} ${Math.round(runs.at(-1)?.ms ?? 0)} ms`,
      );
    }
    const middle = median(runs.map(({ ms }) => ms));
    const [nearest] = runs.toSorted((a, b) => Math.abs(a.ms - middle) - Math.abs(b.ms - middle));
    figures.push(
      judged({
        name: `from the command line to the end, ${kind}, ${cell.name}`,
        ...{ aim: undefined, value: nearest?.ms ?? 0, unit: 'ms' },
        details: {
          timeLine: kind,
          cell: cell.name,
          qemu: cell.qemu.version,
          spans: nearest?.spans,
        },
      }),
    );
  }
  return figures;
}

interface Traced {
  readonly ms: number;
  readonly spans: readonly TimeLineSpan[];
}

async function traceRun(
  cell: BenchCell,
  options: readonly string[],
  context: BenchContext,
): Promise<Traced> {
  const trace = join(context.folder, 'time-line.json');
  const args = [...runArguments(cell, context), `--trace=${trace}`, ...options];
  const { ms } = await timeCli(args, context);
  return { ms, spans: readTimeLine(await readFile(trace, 'utf8')) };
}
