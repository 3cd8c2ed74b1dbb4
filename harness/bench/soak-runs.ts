import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { abortedError } from '../base/deadline.js';
import { cliProgram } from '../base/paths.js';

/** In the environment of a run and of its QEMUs. */
const MARK = 'SPRMATRIX_SOAK';

/** Runs of the default cells under one QEMU, in one way. */
export interface SoakWay {
  /** A QEMU's version and path. */
  readonly version: string;
  readonly path: string;
  /** Whether machines boot; else they are restored where they were saved. */
  readonly isCold: boolean;
  /** Processes that do nothing but work, next to the run. */
  readonly load: number;
}

/** What runs of a way came to. */
export interface SoakFigures {
  readonly cells: number;
  readonly deviations: number;
  /** Cells that gave no record. */
  readonly failures: number;
  /** Cells whose emulator let a guest go on until it was brought back. */
  readonly lateCells: number;
  /** QEMUs that were there after the run had ended. */
  readonly leftQemus: number;
  readonly ms: number;
  /** What a person wants to read of the run, when anything was wrong. */
  readonly trouble: readonly string[];
}

/** The four ways for each QEMU, so that of any number of runs half have load, and half boot. */
export function soakWays(
  qemus: readonly { readonly version: string; readonly path: string }[],
  load: number,
): SoakWay[] {
  return [false, true].flatMap((isLoaded) =>
    [true, false].flatMap((isCold) =>
      qemus.map(({ version, path }) => ({ version, path, isCold, load: isLoaded ? load : 0 })),
    ),
  );
}

/** Reads what `sprmatrix run` printed: its last line has the counts. */
export function readRun(text: string): Omit<SoakFigures, 'ms' | 'leftQemus'> {
  const counts =
    /^(\d+) of (\d+) cells? recorded, (\d+) skipped, (\d+) deviations?, (\d+) failures?/m.exec(
      text,
    );
  const [recorded = 0, , , deviations = 0, failures = 0] = counts?.slice(1).map(Number) ?? [];
  const lines = text.split('\n');
  return {
    cells: recorded,
    deviations,
    failures: counts === null ? 1 : failures,
    lateCells: lines.filter((line) => line.includes(': emulator: QEMU ')).length,
    trouble: counts === null || deviations + failures > 0 ? lines.slice(-25) : [],
  };
}

/** Runs the default cells once. Errors: `ABORTED`. */
export async function soakOnce(
  way: SoakWay,
  outFolder: string,
  signal: AbortSignal,
): Promise<SoakFigures> {
  const workers = startLoad(way.load);
  const startedAt = performance.now();
  try {
    const run = ['run', `--qemu=${way.path}`, `--out=${outFolder}`];
    const child = execa(process.execPath, [cliProgram, ...run, ...(way.isCold ? ['--cold'] : [])], {
      ...{ cleanup: true, stdin: 'ignore', reject: false, all: true },
      env: { [MARK]: outFolder },
      cancelSignal: signal,
    });
    const { all, isCanceled } = await child;
    if (isCanceled) throw abortedError('soak');
    return {
      ...readRun(all),
      leftQemus: qemusOf(outFolder).length,
      ms: performance.now() - startedAt,
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
  }
}

function startLoad(processes: number): ChildProcess[] {
  return Array.from({ length: processes }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
}

/** The processes of QEMU that inherited this run's mark. */
function qemusOf(outFolder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const isQemu = readFileSync(join('/proc', name, 'cmdline'), 'utf8').includes(
        'qemu-system-ppc',
      );
      return (
        isQemu &&
        readFileSync(join('/proc', name, 'environ'), 'utf8').includes(`${MARK}=${outFolder}\0`)
      );
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

/** A line for each way, and one for all. */
export function soakSummary(runs: readonly { way: SoakWay; figures: SoakFigures }[]): string {
  const groups = new Map<string, SoakFigures[]>();
  for (const { way, figures } of runs) {
    const name = `QEMU ${way.version}, ${way.isCold ? 'booted' : 'restored'}, ${way.load === 0 ? 'quiet' : `load of ${way.load}`}`;
    groups.set(name, [...(groups.get(name) ?? []), figures]);
  }
  return [...groups, ['all', runs.map(({ figures }) => figures)] as const]
    .map(([name, figures]) => `${name}: ${figuresText(figures)}`)
    .join('\n');
}

function figuresText(figures: readonly SoakFigures[]): string {
  const sum = (of: (figure: SoakFigures) => number): number =>
    figures.reduce((total, figure) => total + of(figure), 0);
  const cells = sum(({ cells: count }) => count);
  const perCell = cells === 0 ? '-' : (sum(({ ms }) => ms) / cells / 1000).toFixed(2);
  return [
    `${cells} cells`,
    `${sum(({ deviations }) => deviations)} deviations`,
    `${sum(({ failures }) => failures)} failures`,
    `${sum(({ lateCells }) => lateCells)} with a guest brought back`,
    `${sum(({ leftQemus }) => leftQemus)} QEMUs left`,
    `${perCell} s a cell`,
  ].join(', ');
}
