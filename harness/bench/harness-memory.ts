import { appendFile, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { benchCells } from './bench-context.js';
import { judged } from './figure.js';
import { measureCliMemory, verdictLineOf } from './run-cli.js';
import { medianOfEach } from './statistics.js';

/** A small kernel that is built here and runs everywhere within a second or two. */
const CELLS = [
  'pseries-p10-nested',
  'pseries-p8-pr',
  'powernv8',
  'powernv8-pr',
  'powernv9',
  'powernv10',
].map((platform) => `build-5.10/${platform}`);
/** 60 cells, and 600. */
const [FEW, MANY] = [10, 100] as const;

/**
 * The peak of the harness's own memory in `sprmatrix run` over 60 cells, and over ten times as many:
 * copies of the same kernel, different by a byte behind the image's end, are kernels of a
 * person's own.
 */
export const harnessMemory: FigureSource = {
  id: 'memory',
  what: "the harness's memory over 60 cells and over 600 (minutes)",
  isExpensive: true,
  measure: async (context) => {
    const cells = await benchCells({ ...context, selectors: onlyQemu(context) }, CELLS);
    const runs: { fewMB: number; manyMB: number }[] = [];
    for (let run = 1; run <= context.matrixRuns; run++) {
      const fewMB = await peakOver(cells, FEW, context);
      runs.push({ fewMB, manyMB: await peakOver(cells, MANY, context) });
    }
    const { fewMB, manyMB } = medianOfEach(runs);
    const [few, many] = [cells.length * FEW, cells.length * MANY];
    const details = { fewMB, manyMB, runs };
    return [
      judged({
        name: `peak of the harness's memory, ${many} cells`,
        aim: { is: 'below', value: 400 },
        value: manyMB,
        unit: 'MB',
        details,
      }),
      judged({
        name: `the same, ${many} cells / ${few} cells`,
        aim: { is: 'at most', value: 1.02 },
        value: manyMB / fewMB,
        unit: 'ratio',
        details,
      }),
    ];
  },
};

/** The cells are this figure's own, whatever the person chose. */
function onlyQemu({ selectors }: BenchContext): BenchContext['selectors'] {
  return { ...selectors, kernel: [], platform: [], cell: [], register: [] };
}

/** Megabytes. */
async function peakOver(
  cells: readonly BenchCell[],
  copies: number,
  context: BenchContext,
): Promise<number> {
  const folder = join(context.folder, `memory-${copies}`);
  await mkdir(folder, { recursive: true });
  const kernels: string[] = [];
  for (let copy = 0; copy < copies; copy++) {
    const path = join(folder, `vmlinux-${copy}`);
    await copyFile(cells[0]?.kernel.image ?? '', path);
    await appendFile(path, Buffer.of(copy + 1));
    kernels.push(path);
  }
  const ran = await measureCliMemory(
    [
      ...['run', '--cold', `--out=${folder}`],
      ...kernels.map((path) => `--kernel=${path}`),
      ...cells.map(({ cell }) => `--platform=${cell.platform.id}`),
      ...context.selectors.qemu.map((path) => `--qemu=${path}`),
    ],
    context,
  );
  context.say(
    `${copies * cells.length} cells: ${Math.round(ran.peakMB)} MB; ${verdictLineOf(ran)}`,
  );
  return ran.peakMB;
}
