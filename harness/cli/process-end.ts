import { reportFailureToCi } from './progress/report-failure-to-ci.js';
import type { Command } from 'commander';
import { describeError, ExitCode, SprmatrixError } from '../base/error.js';

/** The exit code that an error stands for: 2 for what the user typed, 3 for everything else. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof SprmatrixError && error.kind === 'usage'
    ? ExitCode.usage
    : ExitCode.harness;
}

/** Prints an error whole on standard error and returns its exit code. */
export function reportError(error: unknown): ExitCode {
  const text = describeError(error);
  console.error(`sprmatrix: ${text}`);
  reportFailureToCi(text);
  return exitCodeOf(error);
}

/**
 * Runs a program on the arguments of this process and sets the exit code: that of an action's
 * error, or `usage` for what commander (under `exitOverride`) has complained of by itself.
 */
export async function runProgram(program: Command): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', refuseAllButClosedPipes);
  try {
    await program.parseAsync();
  } catch (error) {
    if (!isCommanderError(error)) process.exitCode = reportError(error);
    else if (error.exitCode === 0) process.exitCode = ExitCode.ok;
    else {
      reportFailureToCi(error.message);
      process.exitCode = ExitCode.usage;
    }
  }
}

/** Who reads has read enough (`sprmatrix list registers | head`); what runs goes on to its end and its exit code. */
function refuseAllButClosedPipes(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** commander prints its own usage errors; help and version are no errors. */
function isCommanderError(error: unknown): error is Error & { exitCode: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

/**
 * An AbortSignal that fires on the first Ctrl-C or SIGTERM, so that machines are stopped and
 * finished records kept; a second one ends this process at once (QEMU dies with it).
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(ExitCode.harness);
    console.error(`\nsprmatrix: ${name}: stopping the machines (once more ends at once)`);
    controller.abort(new SprmatrixError({ code: 'ABORTED', message: `interrupted by ${name}` }));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
