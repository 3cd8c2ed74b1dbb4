import { once } from 'node:events';
import { appendFile, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { cliProgram } from '../base/paths.js';
import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells } from './bench-context.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { median } from './statistics.js';

const CELLS = ['build-5.10/pseries-p10-nested'];
/** What `watch` says when a run is over. */
const WATCHES = 'watching ';

/** Somebody works on a kernel: from the end of `make` to what differs on the screen. */
export const watchLatency: FigureSource = {
  id: 'watch',
  what: "`watch`, from a kernel's change to the difference",
  isExpensive: false,
  measure: async (context) => measureCells(context, { defaults: CELLS }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure> {
  const { folder, signal, say, runs } = context;
  const image = join(folder, 'vmlinux-watched');
  await copyFile(cell.kernel.image, image);
  const args = [
    ...['watch', `--kernel=${image}`, `--platform=${cell.cell.platform.id}`],
    ...[`--qemu=${cell.qemu.path}`, `--out=${join(folder, 'watch')}`],
  ];
  const child = execa(process.execPath, [cliProgram, ...args], {
    ...{ cleanup: true, stdin: 'ignore', reject: false, buffer: false, cancelSignal: signal },
  });
  const ended = child.then(() => {
    throw new Error('watch ended by itself');
  });
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stderr });
  const isOver = async (): Promise<void> => {
    for (;;) {
      const [line] = (await once(lines, 'line', { signal })) as [string];
      if (line.startsWith(WATCHES)) return;
    }
  };
  try {
    child.stdout.resume();
    await Promise.race([isOver(), ended]);
    const runsMs: number[] = [];
    for (let run = 1; run <= runs; run++) {
      const over = isOver();
      const told = once(child.stdout, 'data', { signal });
      // A byte behind the image's end is another kernel that does the same.
      await appendFile(image, Buffer.of(run));
      const startedAt = performance.now();
      await Promise.race([told, ended]);
      runsMs.push(performance.now() - startedAt);
      await Promise.race([over, ended]);
      say(`${cell.name} ${run}/${runs}: ${Math.round(runsMs.at(-1) ?? 0)} ms`);
    }
    return judged({
      name: `watch, from the change to the difference, ${cell.name}`,
      aim: { is: 'below', value: 1.5 },
      value: median(runsMs) / 1000,
      unit: 's',
      details: { cell: cell.name, qemu: cell.qemu.version, runsMs },
    });
  } finally {
    child.kill();
    await child;
  }
}
