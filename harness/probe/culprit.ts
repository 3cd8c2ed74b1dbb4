/**
 * The one of `candidates` without which it is not so of those before it, by halving; undefined when it is not
 * so of all.
 */
export async function culprit<T>(
  candidates: readonly T[],
  isSo: (some: readonly T[]) => Promise<boolean>,
): Promise<T | undefined> {
  if (candidates.length === 0 || !(await isSo(candidates))) return undefined;
  let low = 0;
  let high = candidates.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await isSo(candidates.slice(0, middle))) high = middle;
    else low = middle;
  }
  return candidates[high - 1];
}
