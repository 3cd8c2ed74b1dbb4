/** Many times what ends in some milliseconds, and no reason to keep a cell waiting. */
export const NUDGE_AFTER_MS = 500;

/**
 * Awaits the answer to a request that runs a guest, and calls `nudge` when it is late: another request,
 * whose arrival interrupts the machine and so brings its kernel back. QEMU loses a hypervisor decrementer
 * now and then (10.0.2 and 11.1.3, pseries with a nested guest: one of about fifty guests that loop went
 * on for 5 s after the hdec_expiry of its H_ENTER_NESTED), and the kernel has nothing else that ends its
 * guest's turn. Errors: those of `answer`.
 */
export async function nudged<T>(
  answer: Promise<T>,
  nudge: () => Promise<unknown>,
  afterMs: number = NUDGE_AFTER_MS,
): Promise<T> {
  let late: Promise<unknown> | undefined;
  const timer = setTimeout(() => {
    late = nudge().catch(() => undefined);
  }, afterMs);
  try {
    const result = await answer;
    await late;
    return result;
  } finally {
    clearTimeout(timer);
  }
}
