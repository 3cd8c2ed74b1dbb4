import { setMaxListeners } from 'node:events';
import { SprmatrixError } from './error.js';

/** A phase of work with a budget: `name` and `budgetMs` stand in the error when it is overrun. */
export interface Phase {
  /** What is waited for, e.g. "agent's hello". */
  readonly name: string;
  readonly budgetMs: number;
}

/** Says for how long a worker could not work: a budget is meant for work, not for the load of a machine. */
export interface WorkClock {
  /** Milliseconds, from a start of its own, for which the worker was kept from working. It never goes back. */
  deniedMs(): number;
  /** The same, of a moment ago: where it is asked for each request, and read for few. */
  recentlyDeniedMs?(): number;
  /** What kept it: "load 14.2 on 2 processors". */
  whyDenied(): string;
}

export interface DeadlineOptions {
  readonly signal?: AbortSignal | undefined;
  /** What was seen last. */
  readonly lastEvent?: (() => string) | undefined;
  /** Of who works; without one, every millisecond counts. */
  readonly clock?: WorkClock | undefined;
}

/** A worker that is kept from working for longer than this many budgets is given up. */
const PATIENCE = 10;
/** A worker's clock is read as often as that: one that was stopped is seen only while it is. */
const CLOCK_INTERVAL_MS = 500;

/**
 * Rejects with `DEADLINE` when `phase` takes longer than its budget, with `ABORTED` when `signal`
 * fires; otherwise settles as `work` does. Where there is a `clock`, time for which the worker was kept from
 * working does not count, and `STARVED` says that it was kept for ten budgets.
 */
export async function withinDeadline<T>(
  work: Promise<T>,
  phase: Phase,
  options: DeadlineOptions = {},
): Promise<T> {
  const { signal } = options;
  // Each goes with its work: the requests of all cells that run are many at once, and no leak.
  if (signal !== undefined) setMaxListeners(0, signal);
  let stopClock: (() => void) | undefined;
  let onAbort: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    stopClock = startClock(phase, options, reject);
    onAbort = () => {
      reject(abortedError(phase.name));
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    stopClock?.();
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

/** Calls `expire` when the budget is used up; returns what stops that. */
function startClock(
  phase: Phase,
  { clock, lastEvent }: DeadlineOptions,
  expire: (error: SprmatrixError) => void,
): () => void {
  const startedAt = performance.now();
  const deniedBefore = clock?.recentlyDeniedMs?.() ?? clock?.deniedMs() ?? 0;
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    const elapsed = performance.now() - startedAt;
    const denied = (clock?.deniedMs() ?? 0) - deniedBefore;
    const left = phase.budgetMs - (elapsed - denied);
    if (clock !== undefined && left > 0 && elapsed >= PATIENCE * phase.budgetMs) {
      expire(starvedError(phase.name, elapsed, denied, clock.whyDenied()));
    } else if (left > 1) {
      timer = setTimeout(check, clock === undefined ? left : Math.min(left, CLOCK_INTERVAL_MS));
    } else {
      expire(deadlineError(phase, clock === undefined ? 0 : denied, lastEvent?.()));
    }
  };
  timer = setTimeout(
    check,
    clock === undefined ? phase.budgetMs : Math.min(phase.budgetMs, CLOCK_INTERVAL_MS),
  );
  return () => {
    clearTimeout(timer);
  };
}

function deadlineError(
  { name, budgetMs }: Phase,
  deniedMs: number,
  last: string | undefined,
): SprmatrixError {
  const denied =
    deniedMs >= budgetMs ? ` of work (and ${Math.round(deniedMs)} ms without a processor)` : '';
  return new SprmatrixError({
    code: 'DEADLINE',
    message: `${name}: no answer within ${budgetMs} ms${denied}${last === undefined ? '' : ` (last event: ${last})`}`,
  });
}

/** What a person does about a machine that got no processor. */
export const STARVED_HINT = 'run it again when this machine has less to do, or with --jobs=1';

/** The error of work that got no processor: a fault of the machine that it was to run on. */
function starvedError(
  what: string,
  elapsedMs: number,
  deniedMs: number,
  why: string,
): SprmatrixError {
  return new SprmatrixError({
    code: 'STARVED',
    message: `${what}: no answer within ${Math.round(elapsedMs)} ms, for ${Math.round(deniedMs)} of which the emulator had no processor (${why})`,
    hint: STARVED_HINT,
  });
}

/** The error of work that was stopped from outside (Ctrl-C, another failure). */
export function abortedError(what: string): SprmatrixError {
  return new SprmatrixError({ code: 'ABORTED', message: `${what}: interrupted` });
}
