import { execa } from 'execa';
import { abortedError } from '../../base/deadline.js';
import { SprmatrixError } from '../../base/error.js';
import { lastLinesOf } from '../../base/last-lines.js';

export interface GitOptions {
  readonly signal?: AbortSignal | undefined;
  /** git's own words on what it does: "Receiving objects:  12% (…)". */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Milliseconds after which git is given up. */
  readonly budgetMs?: number;
}

/**
 * Runs git without asking a person for anything, and returns what it says. Errors: `GIT_FAILED` with its last
 * words, `TOOL_MISSING`, `ABORTED`.
 */
export async function runGit(args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { signal, onProgress, budgetMs } = options;
  const child = execa('git', args, {
    env: {
      LC_ALL: 'C.UTF-8',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: 'true',
      GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    },
    stdin: 'ignore',
    cleanup: true,
    reject: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    ...(budgetMs === undefined ? {} : { timeout: budgetMs }),
  });
  child.stderr.on('data', (chunk: Buffer) => {
    const lines = chunk
      .toString()
      .split(/[\r\n]+/)
      .filter((line) => line !== '');
    // What ends in one piece with what comes after it went on, too.
    const last = lines.findLast((line) => /\d+%/.test(line)) ?? lines.at(-1);
    if (last !== undefined) onProgress?.(progressText(last));
  });
  const { failed, stdout, stderr, isCanceled, timedOut, code } = await child;
  if (!failed) return stdout;
  if (isCanceled) throw abortedError('git');
  if (code === 'ENOENT') {
    throw new SprmatrixError({
      code: 'TOOL_MISSING',
      message: 'git: no such program, and kernels by tag are fetched with it',
      hint: 'apt-get install git',
    });
  }
  const said = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  throw new SprmatrixError({
    code: 'GIT_FAILED',
    message: timedOut
      ? `git ${args[0] ?? ''} gave no answer for ${(budgetMs ?? 0) / 1000} s`
      : `git ${args.find((word) => !word.startsWith('-')) ?? ''} failed: ${(said.find((line) => line.startsWith('fatal: ')) ?? said.at(-1) ?? '').replace(/^fatal: /, '')}`,
    evidence: lastLinesOf(stderr),
  });
}

/** "Receiving objects, 12% (1/8)": what goes on comes before a comma, how far it is after it. */
function progressText(line: string): string {
  return line
    .replace(/^remote: /, '')
    .replace(/:\s+(?=\d+%)/, ', ')
    .trim();
}
