import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { execa } from 'execa';
import { abortedError } from '../../base/deadline.js';
import { SprmatrixError } from '../../base/error.js';
import { killGroup } from '../../base/process-group.js';

export interface MakeOptions {
  /** What is built, for messages. */
  readonly owner: string;
  /** The folder with the Makefile. */
  readonly folder: string;
  /** Gets the command and all that it prints, after what is in it. */
  readonly log: string;
  readonly signal: AbortSignal;
  /** Called for each line that says that a file is made ("  CC      kernel/fork.o"). */
  readonly onStep?: (step: string) => void;
}

const STEP = /^ {2}[A-Z][A-Z0-9_]*(?: \[M\])? +(\S.*)$/;
const FAULT = /\berror: |\bError [0-9]+$|^\*\*\* |undefined reference|No space left on device/;
const KEPT_LINES = 12;

/**
 * make passes a signal on to other makes, but not to compilers: this ends its whole process group,
 * of which the shell is the leader.
 */
const GROUP_LEADER = 'trap "kill -KILL 0" TERM; "$@" & wait $!';

/** The same image whoever builds it, wherever and whenever. */
const REPRODUCIBLE = {
  KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
  KBUILD_BUILD_USER: 'sprmatrix',
  KBUILD_BUILD_HOST: 'sprmatrix',
};

/**
 * Runs a kernel's make to its end. It and all that it started end when this process dies, whatever
 * kills that, and are gone when this returns or throws. Errors:
 * `BUILD_FAILED` with what the compiler said, `DISK_FULL`, `ABORTED`.
 */
export async function runMake(args: readonly string[], options: MakeOptions): Promise<void> {
  const { owner, log, signal, onStep } = options;
  const isAborted = (): boolean => signal.aborted;
  if (isAborted()) throw abortedError(owner);
  await mkdir(dirname(log), { recursive: true });
  const file = createWriteStream(log, { flags: 'a' });
  file.on('error', () => undefined); // `errored` keeps it
  file.write(`$ make ${args.join(' ')}\n`);
  const leader = ['--pdeathsig', 'TERM', '--', 'sh', '-c', GROUP_LEADER, 'sh'];
  const child = execa('setpriv', [...leader, 'make', ...args], {
    cwd: options.folder,
    // make's own variables would come from an npm script or a make that started us.
    env: { LC_ALL: 'C', ...REPRODUCIBLE, MAKEFLAGS: '', MFLAGS: '', MAKELEVEL: '' },
    stdin: 'ignore',
    buffer: false,
    all: true,
    reject: false,
    detached: true,
  });
  const stop = (): void => {
    killGroup(child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', stop, { once: true });
  const tail: string[] = [];
  const faults: string[] = [];
  try {
    for await (const line of child.iterable({ from: 'all' })) {
      file.write(`${line}\n`);
      keep(tail, line);
      if (FAULT.test(line)) keep(faults, line);
      const step = STEP.exec(line)?.[1];
      if (step !== undefined) onStep?.(step);
    }
    const { exitCode } = await child;
    if (isAborted()) throw abortedError(owner);
    if (exitCode !== 0) throw makeError(exitCode, faults.length > 0 ? faults : tail, options);
    if (file.errored !== null) throw file.errored;
  } finally {
    signal.removeEventListener('abort', stop);
    killGroup(child.pid, 'SIGKILL');
    file.end();
    await finished(file).catch(() => undefined); // reported above, unless make failed, which says more
  }
}

function makeError(
  exitCode: number | undefined,
  evidence: readonly string[],
  { owner, log }: MakeOptions,
): SprmatrixError {
  const isFull = evidence.some((line) => line.includes('No space left on device'));
  return new SprmatrixError({
    code: isFull ? 'DISK_FULL' : 'BUILD_FAILED',
    message: isFull
      ? `${owner} could not be built: the disk is full`
      : `${owner} could not be built: make ended with ${exitCode === undefined ? 'a signal' : `status ${exitCode}`}`,
    evidence,
    logs: [log],
    hint: isFull ? 'a build takes about 2 GB in the cache folder while it runs' : undefined,
  });
}

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > KEPT_LINES) lines.shift();
}
