/** How long a person waits for a word. */
const INTERVAL_MS = 10_000;

/**
 * Waits for `work` and says on standard error every ten seconds that it goes on, and for how long: a log
 * that stands still looks like a hang.
 */
export async function withHeartbeat<T>(
  what: string,
  work: Promise<T>,
  print: (text: string) => void = console.error,
): Promise<T> {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    print(`${what}: ${Math.round((performance.now() - startedAt) / 1000)} s so far`);
  }, INTERVAL_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
