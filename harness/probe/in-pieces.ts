/** Items in one request. */
const PIECE = 4000;

/** Runs a list that can be too long for one request. */
export async function inPieces<T, R>(
  items: readonly T[],
  run: (piece: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += PIECE) {
    results.push(...(await run(items.slice(start, start + PIECE))));
  }
  return results;
}
