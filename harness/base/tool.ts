import { execa, ExecaError } from 'execa';
import type { Options } from 'execa';
import { abortedError } from './deadline.js';
import { SprmatrixError } from './error.js';

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Where the tool comes from when it is missing, e.g. "apt-get install kmod". */
  readonly hint?: string;
  /** Each line of standard output as it comes, for progress. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program to its end and returns its standard output as text.
 * Errors: `TOOL_MISSING` when there is no such program, `TOOL_FAILED` with the last lines of its
 * output otherwise, `ABORTED` when `signal` fires. Children die with this process.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const execaOptions: Options = {
    stdin: 'ignore',
    all: true,
    cleanup: true,
    env: { LC_ALL: 'C.UTF-8', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  };
  try {
    const child = execa(command, args, execaOptions);
    if (options.onLine !== undefined) {
      const { onLine } = options;
      for await (const line of child.iterable({ from: 'all' })) onLine(String(line));
    }
    const { stdout } = await child;
    return typeof stdout === 'string' ? stdout : '';
  } catch (error) {
    throw toolError(command, error, options.hint);
  }
}

function toolError(command: string, error: unknown, hint: string | undefined): unknown {
  if (!(error instanceof ExecaError)) return error;
  if (error.isCanceled) return abortedError(error.escapedCommand);
  if (error.code === 'ENOENT') {
    return new SprmatrixError({
      code: 'TOOL_MISSING',
      message: `${command}: no such program`,
      hint: hint ?? 'run `npm run setup`',
      cause: error,
    });
  }
  const all: unknown = error.all;
  const output = typeof all === 'string' ? all.trimEnd() : '';
  return new SprmatrixError({
    code: 'TOOL_FAILED',
    message: `${command} failed (${error.exitCode === undefined ? (error.signal ?? 'not started') : `exit ${error.exitCode}`}): ${error.escapedCommand}`,
    evidence: output === '' ? [] : output.split('\n').slice(-15),
    hint,
  });
}
