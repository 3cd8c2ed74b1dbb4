import pLimit from 'p-limit';
import { repositoryPath } from '../base/paths.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import { prepareKernel } from '../kernels/prepare-kernel.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import { runCell } from '../probe/run-cell.js';
import type { CellRecord } from '../record/record.generated.js';
import { writeRecord } from '../record/record-files.js';
import type { Register } from '../sync/register-table.js';
import type { Cell } from './selection.js';

/** How a cell ended: with a record on disk, or with the harness's or the machine's failure. */
export type CellOutcome =
  | { readonly cell: Cell; readonly record: CellRecord; readonly path: string }
  | { readonly cell: Cell; readonly error: unknown };

/** What happens in a run, for whoever shows it. Times are milliseconds. */
export interface MatrixEvents {
  readonly kernelProgress?: (kernel: KernelEntry, what: string) => void;
  /** A line that a person should see, e.g. that a broken cache entry is fetched again. */
  readonly notice?: (message: string) => void;
  readonly cellStarted?: (cell: Cell) => void;
  readonly cellPhase?: (cell: Cell, phase: string) => void;
  readonly cellEnded?: (outcome: CellOutcome, ms: number) => void;
}

export interface MatrixOptions {
  readonly cells: readonly Cell[];
  readonly registers: readonly Register[];
  readonly qemu: QemuBinary;
  readonly jobs: number;
  readonly outFolder: string;
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly events?: MatrixEvents;
}

/** The agent that runs on little-endian kernels, built by `npm run setup`. */
export const AGENT_PATH = repositoryPath('build/guest/ppc64le/agent');

/** What a cell is called everywhere: `<kernel id>/<platform id>`. */
export function cellName({ kernel, platform }: Cell): string {
  return `${kernel.id}/${platform.id}`;
}

/**
 * Runs cells, `jobs` at a time, and writes each one's record as soon as it is there; a kernel is
 * fetched when the first of its cells comes up. A cell that fails is an outcome, not an exception:
 * the others go on. Outcomes come back in the order of `cells`.
 */
export async function runMatrix(options: MatrixOptions): Promise<CellOutcome[]> {
  const { cells, jobs, signal, events } = options;
  const limit = pLimit(jobs);
  const prepared = new Map<string, Promise<PreparedKernel>>();
  const prepare = (kernel: KernelEntry): Promise<PreparedKernel> => {
    const known = prepared.get(kernel.id);
    if (known !== undefined) return known;
    const started = prepareKernel(kernel, {
      signal,
      mirror: options.mirror,
      onProgress: (what) => events?.kernelProgress?.(kernel, what),
      onNotice: (message) => events?.notice?.(message),
    });
    prepared.set(kernel.id, started);
    return started;
  };
  return Promise.all(
    cells.map(async (cell) =>
      limit(async () => {
        const startedAt = performance.now();
        events?.cellStarted?.(cell);
        const outcome = await cellOutcome(cell, prepare, options);
        events?.cellEnded?.(outcome, performance.now() - startedAt);
        return outcome;
      }),
    ),
  );
}

async function cellOutcome(
  cell: Cell,
  prepare: (kernel: KernelEntry) => Promise<PreparedKernel>,
  { registers, qemu, outFolder, signal, events }: MatrixOptions,
): Promise<CellOutcome> {
  try {
    signal?.throwIfAborted();
    const record = await runCell({
      kernel: await prepare(cell.kernel),
      platform: cell.platform,
      qemu,
      agentPath: AGENT_PATH,
      registers,
      outFolder,
      signal,
      onPhase: (phase) => events?.cellPhase?.(cell, phase),
    });
    return { cell, record, path: await writeRecord(outFolder, record) };
  } catch (error) {
    return { cell, error };
  }
}
