import type { PlatformPair } from './platform-migrations.js';
import { inMigrationOrder } from './platform-migrations.js';
import type { Route } from './migrate-cells.js';
import { nameOfCell } from '../cell.js';
import type { Cell, EmulatedCell } from '../cell.js';

/** The cells to boot, and the migrations between them. */
export interface RoutePlan {
  readonly cells: readonly EmulatedCell[];
  readonly routes: readonly Route[];
}

/**
 * Each cell of `sources` to the one of `targets` on the same platform; to all targets where the
 * platforms differ altogether.
 */
export function singleRoutes(
  sources: readonly EmulatedCell[],
  targets: readonly EmulatedCell[],
): RoutePlan {
  const isShared = sources.some((source) => targets.some((target) => isAlike(source, target)));
  const routes = sources.flatMap((source) =>
    targets
      .filter((target) => !isShared || isAlike(source, target))
      .map((target) => ({ from: nameOfCell(source), to: nameOfCell(target) })),
  );
  const cells = new Map([...sources, ...targets].map((cell) => [nameOfCell(cell), cell]));
  return { cells: [...cells.values()], routes };
}

/**
 * From each cell to each of its platform, itself included, and along `pairs` of platforms to the cell
 * of the same kernel. The same platform comes first: what stops a guest is learnt there.
 */
export function everyRoute(
  cells: readonly EmulatedCell[],
  pairs: readonly PlatformPair[],
): RoutePlan {
  const routes = cells.flatMap((target) => {
    const own = cells.filter((source) => isAlike(source, target));
    const others = cells.filter(
      (source) =>
        source.kernel.id === target.kernel.id &&
        pairs.some(({ from, to }) => from === source.platform.id && to === target.platform.id),
    );
    return [target, ...own.filter((source) => source !== target), ...others].map((source) => ({
      from: nameOfCell(source),
      to: nameOfCell(target),
    }));
  });
  return { cells, routes };
}

/** Cells by platform, in an order in which each group's sources are in it or before it. */
export function groupsOf<T extends Cell>(
  cells: readonly T[],
  pairs: readonly PlatformPair[],
): T[][] {
  const platforms = [...new Set(cells.map(({ platform }) => platform.id))];
  return inMigrationOrder(platforms, pairs).map((id) =>
    cells.filter(({ platform }) => platform.id === id),
  );
}

function isAlike(a: EmulatedCell, b: EmulatedCell): boolean {
  return a.platform.id === b.platform.id;
}
