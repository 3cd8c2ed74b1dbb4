import type { Cell } from './cell.js';

/** What a QEMU takes besides its machine's memory: translated code, mostly (410 MB resident, measured). */
const QEMU_MIB = 512;
/** The rest is for the harness, a compiler, and the page cache that kernels are read from. */
const SHARE = 0.75;

/**
 * How many of the `wanted` machines may run at once so that the largest of `cells` fit into three
 * quarters of `totalBytes`; at least one.
 */
export function jobsWithinMemory(
  wanted: number,
  cells: readonly Cell[],
  totalBytes: number,
): number {
  const largestMiB = Math.max(
    0,
    ...cells.flatMap((cell) => (cell.isHardware === true ? [] : [cell.platform.memoryMiB])),
  );
  if (largestMiB === 0) return wanted;
  const fitting = Math.floor((SHARE * totalBytes) / ((largestMiB + QEMU_MIB) * 2 ** 20));
  return Math.max(1, Math.min(wanted, fitting));
}
