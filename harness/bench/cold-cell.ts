import { join } from 'node:path';
import { repositoryPath } from '../base/paths.js';
import { buildInitramfs } from '../kernels/initramfs.js';
import { bootBare } from '../machine/boot-bare.js';
import { bootCell } from '../cell/booted-cell.js';
import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells } from './bench-context.js';
import { breakDown } from './cell-breakdown.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { bootOptionsOf, runBenchCell } from './run-bench-cell.js';
import { median, medianOfEach } from './statistics.js';

/** A stock kernel, one that is built here, and the newest stock kernel on bare metal. */
const CELLS = ['debian-6.12/pseries-p9-nested', 'build-5.10/pseries-p10-nested', 'latest/powernv9'];
/** A kernel that is built here boots in a third of a second, next to which the same probes are more. */
const AIMS = { debian: 1.3, build: 2, file: 2, git: 2 } as const;

/**
 * What a cell with all probes, to its record on disk, costs next to the bare boot of its kernel, to the
 * first line of an init that does nothing else: in turn, one at a time.
 */
export const coldCell: FigureSource = {
  id: 'cold',
  what: 'a cold cell next to its bare boot, and where its time goes',
  isExpensive: false,
  measure: async (context) => measureCells(context, { defaults: CELLS }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure> {
  const runs: { bareBootMs: number; cellMs: number; bootMs: number; uptimeMs: number }[] = [];
  const timings: Record<string, number>[] = [];
  for (let run = 1; run <= context.runs; run++) {
    const bareBootMs = await bareBoot(cell, context);
    const { ms: cellMs, timings: ofRun } = await runBenchCell(cell, context);
    runs.push({ bareBootMs, cellMs, ...(await bootOnly(cell, context)) });
    timings.push(ofRun);
    const [bare, whole] = [bareBootMs, cellMs].map(Math.round);
    context.say(`${cell.name} ${run}/${context.runs}: bare boot ${bare} ms, cell ${whole} ms`);
  }
  const medians = { ...medianOfEach(runs), timings: medianOfEach(timings) };
  return judged({
    name: `cold cell / bare boot, ${cell.name}`,
    aim: { is: 'at most', value: AIMS[cell.cell.kernel.source.kind] },
    value: medians.cellMs / medians.bareBootMs,
    unit: 'ratio',
    details: {
      cell: cell.name,
      qemu: cell.qemu.version,
      ...medians,
      breakdownMs: breakDown(medians),
      medianOfRatios: median(runs.map(({ cellMs, bareBootMs }) => cellMs / bareBootMs)),
      runs,
    },
  });
}

/** Milliseconds to the first line of an init that does nothing else. */
async function bareBoot(
  { cell, name, kernel, qemu }: BenchCell,
  { folder, signal }: BenchContext,
): Promise<number> {
  const init = repositoryPath('build/guest/ppc64le/bare-init');
  const initramfs = await buildInitramfs({ channelModules: [], kvmModules: [] }, init);
  return bootBare({
    name: `bare ${name}`,
    platform: cell.platform,
    qemu,
    files: { kernel: kernel.image, initramfs },
    logFolder: join(folder, 'bare'),
    signal,
  });
}

/** Boots a cell's machine alone: its hello says what of the boot the kernel itself has counted. */
async function bootOnly(
  cell: BenchCell,
  context: BenchContext,
): Promise<{ bootMs: number; uptimeMs: number }> {
  await using booted = await bootCell(bootOptionsOf(cell, context));
  return { bootMs: booted.machine.bootMs, uptimeMs: booted.machine.hello.uptimeMs };
}
