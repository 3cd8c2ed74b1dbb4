import { SprmatrixError } from '../base/error.js';

/** The middle of the values; of an even number, between the two in the middle. `BENCH_EMPTY` for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) {
    throw new SprmatrixError({ code: 'BENCH_EMPTY', message: 'no runs to take a median of' });
  }
  return (lower + upper) / 2;
}

/** The median of each field that the first of the rows has; a field that a row lacks counts as 0 there. */
export function medianOfEach<K extends string>(
  rows: readonly Readonly<Partial<Record<K, number>>>[],
): Record<K, number> {
  const names = Object.keys(rows[0] ?? {}) as K[];
  const entries = names.map((name) => [name, median(rows.map((row) => row[name] ?? 0))] as const);
  return Object.fromEntries(entries) as Record<K, number>;
}

/** Milliseconds that something takes, next to what it gives. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}
