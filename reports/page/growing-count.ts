import { useEffect, useState } from 'preact/hooks';

/** A screenful at once, then as many as one frame takes. */
const FIRST = 40;
const STEP = 24;

/**
 * How many of `total` rows are to be drawn by now: first a screenful, then more after each frame,
 * so that a large table answers at once. It begins again when `of`, what is drawn, is another.
 */
export function useGrowingCount(total: number, of: unknown): number {
  const [drawn, setDrawn] = useState({ of, count: FIRST });
  const count = drawn.of === of ? drawn.count : FIRST;
  useEffect(() => {
    if (count >= total) return undefined;
    const timer = setTimeout(() => {
      setDrawn({ of, count: count + STEP });
    });
    return () => {
      clearTimeout(timer);
    };
  }, [of, count, total]);
  return count;
}
