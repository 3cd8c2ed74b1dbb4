import { SprmatrixError } from './error.js';

/** A phase of work with a budget: `name` and `budgetMs` stand in the error when it is overrun. */
export interface Phase {
  /** What is waited for, e.g. "agent's hello". */
  readonly name: string;
  readonly budgetMs: number;
}

/**
 * Rejects with `DEADLINE` when `phase` takes longer than its budget, with `ABORTED` when `signal`
 * fires; otherwise settles as `work` does. `lastEvent` tells what was seen last.
 */
export async function withinDeadline<T>(
  work: Promise<T>,
  phase: Phase,
  options: { signal?: AbortSignal | undefined; lastEvent?: () => string } = {},
): Promise<T> {
  const { signal, lastEvent } = options;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const last = lastEvent?.();
      reject(
        new SprmatrixError({
          code: 'DEADLINE',
          message: `${phase.name}: no answer within ${phase.budgetMs} ms${last === undefined ? '' : ` (last event: ${last})`}`,
        }),
      );
    }, phase.budgetMs);
    onAbort = () => {
      reject(abortedError(phase.name));
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

/** The error of work that was stopped from outside (Ctrl-C, another failure). */
export function abortedError(what: string): SprmatrixError {
  return new SprmatrixError({ code: 'ABORTED', message: `${what}: interrupted` });
}
