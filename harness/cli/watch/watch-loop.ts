import { setTimeout as sleep } from 'node:timers/promises';
import { abortedError } from '../../base/deadline.js';
import { describeError, SprmatrixError } from '../../base/error.js';

/** Files that are watched, as far as the loop knows them. */
export interface WatchedFiles {
  /** What tells the files' state from another: their sizes, times and inodes. */
  readonly state: () => Promise<string>;
  /** Why they cannot be read (yet): "vmlinux: no such file"; undefined when they can. */
  readonly whatIsMissing: () => Promise<string | undefined>;
  /** Resolves when something may have changed, or when `signal` fires. */
  readonly hint: (signal: AbortSignal) => Promise<void>;
}

export interface WatchLoopOptions {
  /** Runs once. When the signal fires it stops, and what it has so far is of no use. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Tells a line, or the lines of an error. */
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
  /** How long files must stand still before they are read; how often that is looked at. */
  readonly stillMs?: number;
  readonly pollMs?: number;
  /** How long files that are not whole stand still until that is reported. */
  readonly patienceMs?: number;
}

const STILL_MS = 300;
const POLL_MS = 100;
const PATIENCE_MS = 2000;

/**
 * Runs, and runs again whenever the files have changed, until the signal fires. A run begins when the
 * files stand still and are whole; one that they change under is stopped and begun again. A run that
 * fails is reported, and watching goes on; but what the first run finds wrong with the command line
 * is thrown.
 */
export async function watchLoop(files: WatchedFiles, options: WatchLoopOptions): Promise<void> {
  const { signal, tell } = options;
  let isFirst = true;
  let isRestart = false;
  for (;;) {
    const state = await settled(files, options);
    if (state === undefined) return;
    if (!isFirst && !isRestart) tell('changed: running again');
    const isStale = await runUnlessChanged(files, state, options, isFirst);
    if (signal.aborted) return;
    isFirst = false;
    isRestart = isStale;
    if (isStale) tell('changed during the run: starting over');
    while ((await files.state()) === state) {
      await files.hint(signal);
      if (isOver(signal)) return;
    }
  }
}

/** The state of the files once they stand still and are whole; undefined when the signal fires. */
async function settled(
  files: WatchedFiles,
  { signal, tell, ...times }: WatchLoopOptions,
): Promise<string | undefined> {
  const { stillMs = STILL_MS, pollMs = POLL_MS, patienceMs = PATIENCE_MS } = times;
  let state = await files.state();
  let since = performance.now();
  let reported: string | undefined;
  for (;;) {
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    const now = await files.state();
    if (now !== state) [state, since] = [now, performance.now()];
    const stillSince = performance.now() - since;
    if (stillSince < stillMs) continue;
    const missing = await files.whatIsMissing();
    if (missing === undefined) return state;
    if (stillSince >= patienceMs && missing !== reported) {
      reported = missing;
      tell(`${missing}; waiting until it is whole`);
    }
  }
}

/** Runs until the end, or until the files are no more in `state`; returns whether they are not. */
async function runUnlessChanged(
  files: WatchedFiles,
  state: string,
  { run, tell, signal }: WatchLoopOptions,
  isFirst: boolean,
): Promise<boolean> {
  const change = new AbortController();
  const end = new AbortController();
  const observe = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await files.hint(end.signal);
      if (isOver(end.signal) || (await files.state()) === state) continue;
      change.abort(abortedError('a run under which the kernel changed'));
      return;
    }
  };
  const observation = observe();
  try {
    await run(AbortSignal.any([signal, change.signal]));
  } catch (error) {
    if (isFirst && error instanceof SprmatrixError && error.kind === 'usage') throw error;
    if (!signal.aborted && !change.signal.aborted) tell(describeError(error));
  } finally {
    end.abort();
    await observation;
  }
  return change.signal.aborted;
}

/** As a function, because the compiler takes for settled what an await may change. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
