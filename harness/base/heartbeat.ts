/**
 * How long a log may be silent, milliseconds: less than the ten seconds that are promised, by what a loaded
 * machine takes to start a program or to print.
 */
export const QUIET_MS = 8_000;

/**
 * Waits for `work` and says on standard error again and again (`QUIET_MS`) that it goes on, and for how
 * long: a log that stands still looks like a hang.
 */
export async function withHeartbeat<T>(
  what: string,
  work: Promise<T>,
  print: (text: string) => void = console.error,
): Promise<T> {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    print(`${what}: ${Math.round((performance.now() - startedAt) / 1000)} s so far`);
  }, QUIET_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
