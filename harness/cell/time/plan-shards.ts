/** A cell to run, with the kernel that it needs and how long it takes. */
export interface TimedCell {
  readonly name: string;
  readonly kernel: string;
  readonly ms: number;
}

/** What one job runs: its cells in the order of the plan, and how long that takes. */
export interface Shard {
  readonly cells: readonly TimedCell[];
  readonly ms: number;
}

/**
 * Deals cells out to at most `count` shards so that the slowest is as fast as can be. Cells of one
 * kernel stay together: another shard with the same kernel costs `prepareMs` of it once more, and a
 * kernel is split only where that makes the slowest shard faster. The same input gives the same
 * plan; shards without cells are left out.
 */
export function planShards(
  cells: readonly TimedCell[],
  count: number,
  prepareMs: (kernel: string) => number,
): Shard[] {
  const kernels = byKernel(cells);
  const parts = new Map([...kernels.keys()].map((kernel) => [kernel, 1]));
  const deal = (): TimedCell[][] => {
    const pieces = [...kernels].flatMap(([kernel, own]) =>
      spread(
        own.map((cell) => [cell]),
        parts.get(kernel) ?? 1,
        costOf,
      ),
    );
    return spread(pieces, count, costOf);
  };
  const costOf = (dealt: readonly TimedCell[]): number => costOfCells(dealt, prepareMs);
  let best = deal();
  // Splitting may have to go on for a while before it pays, so every step is tried.
  for (;;) {
    const next = kernelToSplit(deal(), { kernels, parts, count, costOf });
    if (next === undefined) break;
    parts.set(next, (parts.get(next) ?? 1) + 1);
    const dealt = deal();
    if (isFaster(dealt.map(costOf), best.map(costOf))) best = dealt;
  }
  const rank = new Map(cells.map((cell, index) => [cell, index]));
  const inOrder = (a: TimedCell, b: TimedCell): number => (rank.get(a) ?? 0) - (rank.get(b) ?? 0);
  return best
    .filter((dealt) => dealt.length > 0)
    .map((dealt) => ({ cells: dealt.toSorted(inOrder), ms: Math.round(costOf(dealt)) }))
    .sort((a, b) => inOrder(first(a.cells), first(b.cells)));
}

function byKernel(cells: readonly TimedCell[]): Map<string, TimedCell[]> {
  const kernels = new Map<string, TimedCell[]>();
  for (const cell of cells) kernels.set(cell.kernel, [...(kernels.get(cell.kernel) ?? []), cell]);
  return kernels;
}

function first(cells: readonly TimedCell[]): TimedCell {
  const [cell] = cells;
  if (cell === undefined) throw new Error('a shard without cells');
  return cell;
}

function costOfCells(cells: readonly TimedCell[], prepareMs: (kernel: string) => number): number {
  const kernels = new Set(cells.map(({ kernel }) => kernel));
  return (
    cells.reduce((sum, { ms }) => sum + ms, 0) +
    [...kernels].reduce((sum, kernel) => sum + prepareMs(kernel), 0)
  );
}

type CostOf = (cells: readonly TimedCell[]) => number;

/** Pieces in `count` bins, the longest first, each where the bin is then the fastest. */
function spread(
  pieces: readonly (readonly TimedCell[])[],
  count: number,
  costOf: CostOf,
): TimedCell[][] {
  const bins: TimedCell[][] = Array.from({ length: count }, () => []);
  for (const piece of pieces.toSorted((a, b) => costOf(b) - costOf(a))) {
    const costs = bins.map((bin) => costOf([...bin, ...piece]));
    bins[costs.indexOf(Math.min(...costs))]?.push(...piece);
  }
  return bins.filter((bin) => bin.length > 0);
}

/** The kernel of the slowest shard that has the most in it and can be split further. */
function kernelToSplit(
  dealt: readonly TimedCell[][],
  {
    kernels,
    parts,
    count,
    costOf,
  }: {
    readonly kernels: ReadonlyMap<string, readonly TimedCell[]>;
    readonly parts: ReadonlyMap<string, number>;
    readonly count: number;
    readonly costOf: CostOf;
  },
): string | undefined {
  const slowest = dealt.toSorted((a, b) => costOf(b) - costOf(a))[0] ?? [];
  const inside = [...byKernel(slowest)];
  const splittable = inside.filter(([kernel]) => {
    const now = parts.get(kernel) ?? 1;
    return now < Math.min(count, kernels.get(kernel)?.length ?? 0);
  });
  return splittable.toSorted(([, a], [, b]) => costOf(b) - costOf(a))[0]?.[0];
}

/** Whether the slowest shard of `a` is faster than that of `b`, or else the next one, and so on. */
function isFaster(a: readonly number[], b: readonly number[]): boolean {
  const [left, right] = [a, b].map((costs) => costs.toSorted((x, y) => y - x));
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => index).find(
    (index) => (left?.[index] ?? 0) !== (right?.[index] ?? 0),
  );
  return at !== undefined && (left?.[at] ?? 0) < (right?.[at] ?? 0);
}
