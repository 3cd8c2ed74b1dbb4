import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells } from './bench-context.js';
import type { ByHandTimes } from './boot-by-hand.js';
import { bootByHand } from './boot-by-hand.js';
import { makeByHandDisk } from './by-hand-disk.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { runBenchCell } from './run-bench-cell.js';
import { medianOfEach } from './statistics.js';

const CELLS = ['debian-6.12/pseries-p9-nested'];

/**
 * What one would do by hand next to a cold cell, in turn: the same kernel through SLOF into a Debian with
 * systemd, where a C loop gets each register and puts back what it got. That is a fraction of what the
 * cell asks. Making Debian's disk is not counted.
 */
export const byHand: FigureSource = {
  id: 'by-hand',
  what: 'Debian with systemd and a C loop next to a cold cell',
  isExpensive: true,
  measure: async (context) => measureCells(context, { defaults: CELLS }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure> {
  const { name, kernel, qemu } = cell;
  const { folder, signal, say, selectors } = context;
  const disk = await makeByHandDisk(cell.cell.kernel, kernel, {
    ...{ folder, signal, say, mirror: selectors.mirror },
  });
  const runs: { byHandMs: number; cellMs: number }[] = [];
  const phases: ByHandTimes[] = [];
  for (let run = 1; run <= context.runs; run++) {
    const times = await bootByHand(cell, disk, context);
    const byHandMs = times.firmware + times.kernel + times.debian + times.loop;
    const { ms: cellMs } = await runBenchCell(cell, context);
    runs.push({ byHandMs, cellMs });
    phases.push(times);
    const [hand, ours] = [byHandMs, cellMs].map(Math.round);
    say(`${name} ${run}/${context.runs}: by hand ${hand} ms, cell ${ours} ms`);
  }
  const medians = medianOfEach(runs);
  return judged({
    name: `by hand (presence alone) / cold cell (all probes), ${name}`,
    aim: { is: 'at least', value: 10 },
    value: medians.byHandMs / medians.cellMs,
    unit: 'times',
    details: {
      ...{ cell: name, qemu: qemu.version, ...medians, runs },
      byHandPhasesMs: medianOfEach(phases.map((times) => ({ ...times }))),
    },
  });
}
