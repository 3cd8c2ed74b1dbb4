#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { SprmatrixError } from './base/error.js';
import { writeFileAtomic } from './base/files.js';
import { repositoryPath } from './base/paths.js';
import { reportError } from './cli/process-end.js';
import { cellName } from './cli/run-matrix.js';
import type { BootedCell } from './cli/selection.js';
import { requireBooted, resolveSelection } from './cli/selection.js';
import type { MachineOptions } from './cli/selector-options.js';
import { addSelectors } from './cli/selector-options.js';
import type { Selectors } from './cli/selection.js';
import { buildInitramfs } from './kernels/initramfs.js';
import { prepareKernel } from './kernels/prepare-kernel.js';
import { runAgainCommand } from './kernels/select-kernels.js';
import type { PreparedKernel } from './kernels/prepared-kernel.js';
import { agentForCell } from './machine/agent-binary.js';
import { bootBare } from './machine/boot-bare.js';
import type { QemuBinary } from './machine/qemu-binary.js';
import { findQemu } from './machine/qemu-binary.js';
import { DEFAULT_HOSTILE } from './probe/hostile/hostile-plan.js';
import { runCell } from './probe/run-cell.js';
import { writeRecord } from './record/record-files.js';

interface BenchOptions extends Selectors, MachineOptions {
  readonly runs: number;
  readonly json: string;
}

/** One cell's figures: medians in milliseconds, and single runs in the order they were made. */
interface CellFigures {
  readonly cell: string;
  readonly bareBootMs: number;
  readonly cellMs: number;
  /** What a cell costs beside its kernel's bare boot. */
  readonly ratio: number;
  /** Medians of a record's `timings`. */
  readonly phases: Readonly<Record<string, number>>;
  readonly runs: readonly { readonly bareBootMs: number; readonly cellMs: number }[];
}

const BARE_INIT = repositoryPath('build/guest/ppc64le/bare-init');

/**
 * `npm run bench`: (a) the bare boot of a kernel, to the first line of an init that does nothing
 * else; (b) a whole cell of it, to the record on disk; in turn, several times, one at a time.
 */
async function bench(options: BenchOptions): Promise<void> {
  const { cells } = await resolveSelection({
    ...options,
    ...(options.cell.length > 0
      ? {}
      : {
          kernel: options.kernel.length > 0 ? options.kernel : ['debian-6.12'],
          platform: options.platform.length > 0 ? options.platform : ['pseries-p9-nested'],
        }),
  });
  const qemu = await findQemu(options.qemu[0]);
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-bench-'));
  const figures: CellFigures[] = [];
  try {
    for (const cell of requireBooted('the benchmark', cells))
      figures.push(await measureCell(cell, qemu, folder, options.runs));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const [cpu] = cpus();
  const machine = {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    qemu: qemu.version,
  };
  console.log(figuresTable(figures));
  console.log(
    `medians of ${options.runs}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, QEMU ${machine.qemu}`,
  );
  await writeFileAtomic(options.json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
  console.log(`figures: ${options.json}`);
}

async function measureCell(
  cell: BootedCell,
  qemu: QemuBinary,
  folder: string,
  count: number,
): Promise<CellFigures> {
  const kernel = await prepareKernel(cell.kernel);
  const name = cellName(cell);
  const runs: { bareBootMs: number; cellMs: number }[] = [];
  const timings: Record<string, number>[] = [];
  for (let run = 1; run <= count; run++) {
    const bareBootMs = await bareBoot(cell, kernel, qemu, folder);
    const startedAt = performance.now();
    const record = await runCell({
      kernel,
      platform: cell.platform,
      qemu,
      agentPath: agentForCell(name, cell.platform, kernel),
      outFolder: folder,
      hostile: DEFAULT_HOSTILE,
      reproduce: runAgainCommand(cell.kernel, cell.platform.id),
    });
    await writeRecord(folder, record);
    const cellMs = performance.now() - startedAt;
    runs.push({ bareBootMs, cellMs });
    timings.push(record.timings ?? {});
    console.error(
      `${name} ${run}/${count}: bare boot ${Math.round(bareBootMs)} ms, cell ${Math.round(cellMs)} ms`,
    );
  }
  const bareBootMs = median(runs.map((run) => run.bareBootMs));
  const cellMs = median(runs.map((run) => run.cellMs));
  const phases = Object.fromEntries(
    Object.keys(timings[0] ?? {}).map((phase) => [
      phase,
      median(timings.map((timing) => timing[phase] ?? 0)),
    ]),
  );
  return { cell: name, bareBootMs, cellMs, ratio: cellMs / bareBootMs, phases, runs };
}

async function bareBoot(
  cell: BootedCell,
  kernel: PreparedKernel,
  qemu: QemuBinary,
  folder: string,
): Promise<number> {
  const initramfs = await buildInitramfs({ channelModules: [], kvmModules: [] }, BARE_INIT);
  return bootBare({
    name: `bare ${cellName(cell)}`,
    platform: cell.platform,
    qemu,
    files: { kernel: kernel.image, initramfs },
    logFolder: join(folder, 'bare'),
  });
}

function figuresTable(figures: readonly CellFigures[]): string {
  const phases = Object.keys(figures[0]?.phases ?? {});
  const table = new Table({
    head: ['cell', 'bare boot', 'cell', 'ratio', ...phases.map((name) => name.replace('Ms', ''))],
    style: { head: [], border: [], compact: true },
  });
  for (const { cell, bareBootMs, cellMs, ratio, phases: values } of figures) {
    table.push([
      cell,
      `${Math.round(bareBootMs)} ms`,
      `${Math.round(cellMs)} ms`,
      ratio.toFixed(2),
      ...phases.map((phase) => `${Math.round(values[phase] ?? 0)} ms`),
    ]);
  }
  return table.toString();
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) {
    throw new SprmatrixError({ code: 'BENCH_EMPTY', message: 'no runs to take a median of' });
  }
  return (lower + upper) / 2;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  }
  return value;
}

await addSelectors(new Command('npm run bench --'))
  .description('Bare boot and whole cell of the same kernel, side by side.')
  .option('--runs <n>', 'how often each is measured', positiveInteger, 5)
  .option('--json <file>', 'where the figures go', 'out/bench.json')
  .action(async (options: BenchOptions) => {
    await bench(options);
  })
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = reportError(error);
  });
