import { existsSync } from 'node:fs';
import { execa, ExecaError } from 'execa';
import type { Options } from 'execa';
import { abortedError } from './deadline.js';
import { SprmatrixError } from './error.js';
import { lastLinesOf } from './last-lines.js';

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Where the tool comes from when it is missing, e.g. "apt-get install kmod". */
  readonly hint?: string;
  /** Text for standard input, which is empty otherwise. */
  readonly input?: string;
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
    ...commonOptions(options),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    all: true,
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

/** As `runTool`, for what a program says in bytes, of which there are at most `mostBytes`. */
export async function runToolForBytes(
  command: string,
  args: readonly string[],
  { mostBytes, ...options }: Omit<ToolOptions, 'onLine' | 'input'> & { readonly mostBytes: number },
): Promise<Buffer> {
  try {
    const { stdout } = await execa(command, args, {
      ...commonOptions(options),
      stdin: 'ignore',
      encoding: 'buffer',
      maxBuffer: mostBytes,
    });
    return Buffer.from(stdout as unknown as Uint8Array);
  } catch (error) {
    throw toolError(command, error, options.hint);
  }
}

/** A program with its arguments, as one end of a pipe. */
export type ToolCommand = readonly [command: string, args: readonly string[]];

/**
 * Runs `from | to` to the end of both and returns the standard output of `to` as text, with the
 * errors of `runTool` for whichever of the two failed.
 */
export async function runPipe(
  from: ToolCommand,
  to: ToolCommand,
  options: Omit<ToolOptions, 'onLine' | 'input'> = {},
): Promise<string> {
  const common = commonOptions(options);
  const source = execa(from[0], from[1], {
    ...common,
    stdin: 'ignore',
    buffer: { stdout: false },
  });
  const target = execa(to[0], to[1], common);
  const [fed, done] = await Promise.allSettled([source, source.pipe(target), target]);
  if (fed.status === 'rejected') throw toolError(from[0], fed.reason, options.hint);
  if (done.status === 'rejected') throw toolError(to[0], done.reason, options.hint);
  const { stdout } = done.value;
  return typeof stdout === 'string' ? stdout : '';
}

function commonOptions(options: ToolOptions): Options {
  return {
    cleanup: true,
    // kmod's programs are in the sbin folders, which a user's PATH may lack.
    env: {
      LC_ALL: 'C.UTF-8',
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
      ...options.env,
    },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  };
}

function toolError(command: string, error: unknown, hint: string | undefined): unknown {
  if (!(error instanceof ExecaError)) return error;
  if (error.isCanceled) return abortedError(error.escapedCommand);
  // Node says ENOENT of the program, too, when the folder to run it in is missing.
  const isFolderThere = existsSync(error.cwd);
  if (error.code === 'ENOENT' && isFolderThere) {
    return new SprmatrixError({
      code: 'TOOL_MISSING',
      message: `${command}: no such program`,
      hint: hint ?? 'run `npm run setup`',
      cause: error,
    });
  }
  const notStarted = isFolderThere ? error.code : `no folder ${error.cwd}`;
  const end =
    error.exitCode === undefined ? (error.signal ?? notStarted) : `exit ${error.exitCode}`;
  // Bytes, where they were asked for, are no lines.
  const { all, stderr }: { readonly all?: unknown; readonly stderr?: unknown } = error;
  const output = all ?? stderr;
  return new SprmatrixError({
    code: 'TOOL_FAILED',
    message: `${command} failed (${end}): ${error.escapedCommand}`,
    evidence: typeof output === 'string' ? lastLinesOf(output) : [],
    hint,
  });
}
