/** Many times what ends in some milliseconds, and no reason to keep a cell waiting. */
export const NUDGE_AFTER_MS = 500;

/** A guest's turn that did not end by itself. */
export interface LateTurn {
  /** The request that ran the guest. */
  readonly request: string;
  /** Requests that were sent to bring its kernel back. */
  readonly nudges: number;
  /** From the request to its answer. */
  readonly tookMs: number;
}

/**
 * Awaits the answer to a request that runs a guest, and calls `nudge` whenever it is late for another
 * `everyMs`: another request, whose arrival interrupts the machine and so brings its kernel back. QEMU loses a
 * hypervisor decrementer now and then (10.0.2 and 11.1.3, pseries with a nested guest: one of about fifty guests
 * that loop went on for 5 s after the hdec_expiry of its H_ENTER_NESTED), and the kernel has nothing else that
 * ends its guest's turn: its own timers are of that decrementer. A kernel that was brought back enters its guest
 * again, and the next decrementer may be lost as well, more often so on a loaded machine: one nudge is not enough.
 * Each of them interrupts a nested host only because its port has no event index (matrix/platforms.json): Linux
 * takes one buffer of a port that nobody reads, and the device raises no interrupt for the third.
 * Returns the answer and how many nudges it took. Errors: those of `answer`.
 */
export async function nudged<T>(
  answer: Promise<T>,
  nudge: () => Promise<unknown>,
  { afterMs = NUDGE_AFTER_MS, everyMs = NUDGE_AFTER_MS } = {},
): Promise<{ readonly answer: T; readonly nudges: number }> {
  const late: Promise<unknown>[] = [];
  let timer = setTimeout(function again() {
    late.push(nudge().catch(() => undefined));
    timer = setTimeout(again, everyMs);
  }, afterMs);
  try {
    const result = await answer;
    clearTimeout(timer);
    await Promise.all(late);
    return { answer: result, nudges: late.length };
  } finally {
    clearTimeout(timer);
  }
}
