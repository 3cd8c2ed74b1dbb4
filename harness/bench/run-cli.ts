import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { abortedError } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import { cliProgram, repositoryPath } from '../base/paths.js';
import type { BenchContext } from './bench-context.js';

/** A run of `sprmatrix`, timed from outside. */
export interface CliRun {
  /** To the first byte on standard output, and to the end. */
  readonly answerMs: number;
  readonly ms: number;
  readonly stdout: string;
  /** 1 says that a register deviates, which is none of the benchmark's business. */
  readonly exitCode: number;
}

const KIB = 1024;

/** Runs `sprmatrix ...args` as a person does. Throws `CLI_FAILED` when it ends with 2 or above. */
export async function timeCli(args: readonly string[], context: BenchContext): Promise<CliRun> {
  return run([cliProgram, ...args], {}, context);
}

/** The same, with the peak of the harness's own memory in MB (10^6 bytes), QEMUs aside. */
export async function measureCliMemory(
  args: readonly string[],
  context: BenchContext,
): Promise<CliRun & { readonly peakMB: number }> {
  const peakFile = join(context.folder, `peak-${randomBytes(4).toString('hex')}`);
  const preload = ['--import', repositoryPath('dist/harness/bench/peak-memory.js')];
  const ran = await run(
    [...preload, cliProgram, ...args],
    { SPRMATRIX_PEAK_FILE: peakFile },
    context,
  );
  const peakKiB = Number(await readFile(peakFile, 'utf8'));
  return { ...ran, peakMB: (peakKiB * KIB) / 1e6 };
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { signal }: BenchContext,
): Promise<CliRun> {
  const startedAt = performance.now();
  let answerMs: number | undefined;
  const child = execa(process.execPath, args, {
    cleanup: true,
    env,
    stdin: 'ignore',
    reject: false,
    all: true,
    cancelSignal: signal,
  });
  child.stdout.once('data', () => {
    answerMs = performance.now() - startedAt;
  });
  const ended = await child;
  const ms = performance.now() - startedAt;
  const exitCode = requireVerdict(ended);
  return { answerMs: answerMs ?? ms, ms, stdout: ended.stdout, exitCode };
}

/** The line of a run's output that says how many cells were recorded, skipped, deviate and failed. */
export function verdictLineOf({ stdout }: CliRun): string {
  return stdout.split('\n').findLast((line) => / of \d+ cells? recorded, /.test(line)) ?? '';
}

/** What execa says of a command that has ended. */
interface EndedCommand {
  readonly exitCode?: number | undefined;
  readonly all: string;
  readonly isCanceled: boolean;
  readonly escapedCommand: string;
}

/** The exit code, 0 or 1. Errors: `CLI_FAILED` for any other end, and that of an interruption. */
export function requireVerdict(ended: EndedCommand): number {
  const { exitCode, all, isCanceled, escapedCommand } = ended;
  if (isCanceled) throw abortedError(escapedCommand);
  if (exitCode === undefined || exitCode > 1) {
    throw new SprmatrixError({
      code: 'CLI_FAILED',
      message: `exit ${exitCode ?? 'by a signal'}: ${escapedCommand}`,
      evidence: all.split('\n').slice(-15),
    });
  }
  return exitCode;
}
