import { whyCold } from '../../machine/snapshots/why-cold.js';
import type { CellTimes } from './cell-times.js';
import type { TimedCell } from './plan-shards.js';
import { nameOfCell } from '../cell.js';
import type { PlannedCell } from '../cell.js';
import type { EmulatedCell } from '../cell.js';

/** What a cell takes when no cell was ever timed. */
const UNKNOWN_MS = 10_000;
/**
 * What a cell takes on a restored machine of what it takes on one that boots: kernels that are built here
 * boot so soon that their probes are most of it (108 cells under QEMU 11.1).
 */
const RESTORED_SHARE = { debian: 0.34, build: 0.6, file: 0.34, git: 0.6 } as const;

/** Cells with their measured time; one that has none gets the median of its likes. */
export function timedCells(cells: readonly EmulatedCell[], times: CellTimes): TimedCell[] {
  const known = Object.entries(times);
  return cells.map((cell) => {
    const name = nameOfCell(cell);
    const alike = [
      known.filter(([other]) => other === name),
      known.filter(([other]) => other.startsWith(`${cell.kernel.id}/`)),
      known.filter(([other]) => other.endsWith(`/${cell.platform.id}`)),
      known,
    ].find((list) => list.length > 0);
    const ms = median((alike ?? []).map(([, time]) => time)) ?? UNKNOWN_MS;
    return { name, kernel: cell.kernel.id, ms };
  });
}

/**
 * How long each cell that runs under QEMU is expected to take, in milliseconds, by its name; `saved` are
 * the names of the cells whose machine has a snapshot.
 */
export function expectedTimes(
  cells: readonly PlannedCell[],
  times: CellTimes,
  saved: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, number> {
  const running = cells.flatMap((cell) =>
    cell.isHardware === true || cell.obstacle !== undefined ? [] : [cell],
  );
  const shares = new Map(
    running
      .filter((cell) => saved.has(nameOfCell(cell)))
      .filter(({ platform, qemu }) => whyCold(platform, qemu.version) === undefined)
      .map((cell) => [nameOfCell(cell), RESTORED_SHARE[cell.kernel.source.kind]]),
  );
  return new Map(
    timedCells(running, times).map(({ name, ms }) => [name, ms * (shares.get(name) ?? 1)]),
  );
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
