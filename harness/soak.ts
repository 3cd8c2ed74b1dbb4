import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { ExitCode } from './base/error.js';
import type { SoakFigures, SoakWay } from './bench/soak-runs.js';
import { soakOnce, soakSummary, soakWays } from './bench/soak-runs.js';
import { interruptSignal, runProgram } from './cli/process-end.js';
import { availableQemus } from './machine/available-qemus.js';

/**
 * `npm run soak`: the default cells again and again, booted and restored, quiet and next to load, under every
 * QEMU that restores machines. Exit code 1 when any cell deviated, gave no record, or left a QEMU behind.
 */
async function soak(options: { cells: number; load: number; qemu: string[] }): Promise<ExitCode> {
  const signal = interruptSignal();
  const qemus = await availableQemus(options.qemu);
  const restoring = qemus.filter(({ version }) => Number.parseInt(version, 10) >= 10);
  const ways = soakWays(restoring.length > 0 ? restoring : qemus, options.load);
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-soak-'));
  const runs: { way: SoakWay; figures: SoakFigures }[] = [];
  let cells = 0;
  try {
    for (let round = 0; cells < options.cells; round++) {
      const way = ways[round % ways.length];
      if (way === undefined) throw new Error('no QEMU to soak');
      const figures = await soakOnce(way, join(folder, 'out'), signal);
      runs.push({ way, figures });
      cells += figures.cells + figures.failures;
      console.log(
        `${Math.min(cells, options.cells)}/${options.cells}: ${soakSummary([{ way, figures }]).split('\n')[0] ?? ''}`,
      );
      for (const line of figures.trouble) console.log(`    ${line}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(soakSummary(runs));
  const isClean = runs.every(
    ({ figures }) => figures.deviations + figures.failures + figures.leftQemus === 0,
  );
  return isClean ? ExitCode.ok : ExitCode.deviation;
}

const program = new Command('soak')
  .option('--cells <count>', 'how many cells to run', Number, 500)
  .option('--load <processes>', 'busy processes next to half of the runs', Number, 4)
  .option('--qemu <path...>', 'the QEMUs; the default is each that restores machines', [])
  .action(async (options: { cells: number; load: number; qemu: string[] }) => {
    process.exitCode = await soak(options);
  });
await runProgram(program);
