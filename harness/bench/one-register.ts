import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells, runArguments } from './bench-context.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { timeCli } from './run-cli.js';
import { median } from './statistics.js';

const CELLS = ['debian-6.12/pseries-p9-nested', 'latest/powernv9'];
const REGISTER = 'LPCR';

/** Somebody asks about one register: from the command line to the answer on the screen, on a restored machine. */
export const oneRegister: FigureSource = {
  id: 'one-register',
  what: 'one register, from the command line to the answer',
  isExpensive: false,
  measure: async (context) => measureCells(context, { defaults: CELLS, isWarm: true }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure> {
  const { name, qemu } = cell;
  const args = [...runArguments(cell, context), `--register=${REGISTER}`];
  // The first one saves the machine, if no run did before.
  await timeCli(args, context);
  const runs: { answerMs: number; endMs: number }[] = [];
  for (let run = 1; run <= context.runs; run++) {
    const { answerMs, ms } = await timeCli(args, context);
    runs.push({ answerMs, endMs: ms });
    context.say(`${name} ${run}/${context.runs}: ${REGISTER} after ${Math.round(answerMs)} ms`);
  }
  return judged({
    name: `one register (${REGISTER}), warm, ${name}`,
    aim: { is: 'below', value: 0.7 },
    value: median(runs.map(({ answerMs }) => answerMs)) / 1000,
    unit: 's',
    details: { cell: name, qemu: qemu.version, runs },
  });
}
