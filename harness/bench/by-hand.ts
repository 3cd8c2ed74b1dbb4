import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells } from './bench-context.js';
import { bootByHand } from './boot-by-hand.js';
import { makeByHandDisk } from './by-hand-disk.js';
import type { Figure } from './figure.js';
import { nextToColdCell } from './next-to-cold-cell.js';

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
  const { folder, signal, say, selectors } = context;
  const disk = await makeByHandDisk(cell.cell.kernel, cell.kernel, {
    ...{ folder, signal, say, mirror: selectors.mirror },
  });
  return nextToColdCell(cell, context, {
    what: 'by hand',
    figure: 'by hand (presence alone) / cold cell (all probes)',
    aim: { is: 'at least', value: 10 },
    run: async () => ({ ...(await bootByHand(cell, disk, context)) }),
  });
}
