import type { FigureSource } from './bench-context.js';
import { judged } from './figure.js';
import { timeCli } from './run-cli.js';
import { median } from './statistics.js';

const COMMAND = ['list', 'kernels'];

/** How long the CLI takes to start, do next to nothing, and end. */
export const cliStart: FigureSource = {
  id: 'start',
  what: 'the start of the CLI',
  isExpensive: false,
  measure: async (context) => {
    // The first one may read Debian's package lists.
    await timeCli(COMMAND, context);
    const runsMs: number[] = [];
    for (let run = 1; run <= context.runs; run++) {
      runsMs.push((await timeCli(COMMAND, context)).ms);
    }
    return [
      judged({
        name: `sprmatrix ${COMMAND.join(' ')}`,
        aim: { is: 'below', value: 0.12 },
        value: median(runsMs) / 1000,
        unit: 's',
        details: { runsMs },
      }),
    ];
  },
};
