import type { LossCause } from '../../harness/judge/verdict/loss-counts.js';
import type { VerdictKind } from '../../harness/judge/verdict/verdict-kinds.js';
import { VERDICT_KINDS, worstOf } from '../../harness/judge/verdict/verdict-kinds.js';
import type { ChangedRows } from './filters.js';
import { changedRows } from './filters.js';
import type { Lens } from './looks.js';
import { kindThrough, verdictAt } from './looks.js';
import type { Column, Matrix, Row } from './matrix.js';
import type { Migration } from './migrations.js';
import { migrationMap } from './migrations.js';
import type { Mine } from './view.js';

/** The kinds that are a difference from what a register should do: those that are worse than `stored`. */
const DIFFERENT = VERDICT_KINDS.slice(0, VERDICT_KINDS.indexOf('stored'));

/** The cells that a reader's choices leave of some: their kernel and where a guest is to go, their platform. */
export function columnsOfMine(columns: readonly Column[], mine: Mine): Column[] {
  const kernels = [mine.kernel, mine.target].filter((id) => id !== undefined);
  return columns.filter(
    ({ kernel, platform }) =>
      (kernels.length === 0 || kernels.includes(kernel.id)) &&
      (mine.platform === undefined || platform.id === mine.platform),
  );
}

/** Registers of one kind. */
export interface KindRows {
  readonly kind: VerdictKind;
  readonly rows: readonly Row[];
}

/** The registers that some cells show a difference of, by the worst kind that they show, the worst first. */
export function differences(
  matrix: Matrix,
  columns: readonly Column[],
  lens: Lens = 'verdict',
): KindRows[] {
  const byKind = new Map<VerdictKind, Row[]>();
  for (const row of matrix.rows) {
    const worst = worstOf(
      columns.map((column) => kindThrough(verdictAt(matrix, row, column), lens)),
    );
    byKind.set(worst, [...(byKind.get(worst) ?? []), row]);
  }
  return DIFFERENT.flatMap((kind) => {
    const rows = byKind.get(kind);
    return rows === undefined ? [] : [{ kind, rows }];
  });
}

/** What one kernel changes against another over the platforms that both have. */
export interface Changes extends ChangedRows {
  readonly platforms: readonly string[];
}

/** What changes from one kernel to another, on one platform or on all that both have. */
export function changesBetween(
  matrix: Matrix,
  from: string,
  to: string,
  platform: string | undefined,
): Changes {
  const pairs = matrix.columns.flatMap((a) => {
    if (a.kernel.id !== from || (platform !== undefined && a.platform.id !== platform)) return [];
    const b = matrix.columns.find(
      (other) => other.kernel.id === to && other.platformIndex === a.platformIndex,
    );
    return b === undefined ? [] : [{ a, b }];
  });
  return { platforms: pairs.map(({ a }) => a.platform.id), ...changedRows(matrix, pairs) };
}

/** The migrations from one kernel to another within each platform, or within one. */
export function migrationsOf(
  matrix: Matrix,
  from: string,
  to: string,
  platform: string | undefined,
): Migration[] {
  return matrix.feed.platforms.flatMap(({ id }) => {
    if (platform !== undefined && platform !== id) return [];
    const map = migrationMap(matrix, { to: id });
    if (map?.platform.id !== id) return [];
    const find = (kernel: string): Column | undefined =>
      matrix.columns.find((column) => column.kernel.id === kernel && column.platform.id === id);
    const [source, target] = [find(from), find(to)];
    const migration = source && target && map.at(source, target);
    return migration === undefined ? [] : [migration];
  });
}

/** The registers of a migration's losses that are of some causes. */
export function lostBy({ lost }: Migration, causes: readonly LossCause[]): string[] {
  return lost.filter(({ cause }) => causes.includes(cause)).map(({ register }) => register);
}

/** The rows that a search names in full, whatever their case. */
export function rowsNamed({ rows }: Matrix, text: string): Row[] {
  const words = text.toUpperCase().split(/[\s,]+/);
  return rows.filter(({ register }) => words.includes(register.name));
}
