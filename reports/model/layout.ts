import type { Support } from '../../harness/record/cell-record.js';
import { SUPPORTS } from '../../harness/record/cell-record.js';
import type { Column, Matrix, Row } from './matrix.js';
import { likenessesIn } from './matrix.js';
import type { ColumnOrder } from './view.js';

/** Neighbouring columns under one heading. */
export interface ColumnBand {
  readonly title: string;
  /** What the heading tells when asked: a platform's title, a kernel's version. */
  readonly detail: string;
  readonly columns: readonly Column[];
}

/** Columns under the headings of an order. */
export function columnBands(columns: readonly Column[], order: ColumnOrder): ColumnBand[] {
  const bands = new Map<string, { title: string; detail: string; columns: Column[] }>();
  const sorted = columns.toSorted((a, b) =>
    order === 'kernel'
      ? a.kernelIndex - b.kernelIndex || a.platformIndex - b.platformIndex
      : a.platformIndex - b.platformIndex || a.kernelIndex - b.kernelIndex,
  );
  for (const column of sorted) {
    const { kernel, platform } = column;
    const title = order === 'kernel' ? kernel.id : platform.id;
    const detail = order === 'kernel' ? (kernel.version ?? 'version not known') : platform.title;
    const band = bands.get(title) ?? { title, detail, columns: [] };
    band.columns.push(column);
    bands.set(title, band);
  }
  return [...bands.values()];
}

/** What the heading of one column says below its band's. */
export function columnTitle({ kernel, platform }: Column, order: ColumnOrder): string {
  return order === 'kernel' ? platform.id : kernel.id;
}

/** How many members of a group have each state in one column. */
export type GroupSum = ReadonlyMap<Support, number>;

/** The sum of a group's rows in a column, in the order of `SUPPORTS`. */
export function sumGroup(matrix: Matrix, rows: readonly Row[], column: Column): GroupSum {
  const counts = new Map<Support, number>();
  for (const row of rows) {
    const support = matrix.answerAt(row, column)?.support ?? 'untested';
    counts.set(support, (counts.get(support) ?? 0) + 1);
  }
  return new Map(
    SUPPORTS.flatMap((support) => {
      const count = counts.get(support);
      return count === undefined ? [] : [[support, count] as const];
    }),
  );
}

/** A sum in words: "23 exact, 1 lost". */
export function sumText(sum: GroupSum): string {
  return [...sum].map(([support, count]) => `${count} ${support}`).join(', ');
}

/**
 * Which of the answers that share a state within a row each column has: 1 for the first, 2 for the
 * next different one (other bits, errno or fresh value), by the column's index.
 */
export function variantsOf(
  matrix: Matrix,
  row: Row,
  columns: readonly Column[],
): ReadonlyMap<number, number> {
  const seen = new Map<Support, number[]>();
  const variants = new Map<number, number>();
  for (const column of columns) {
    const support = matrix.answerAt(row, column)?.support;
    const likeness = matrix.likenessAt(row, column);
    if (support === undefined || likeness === undefined) continue;
    const known = seen.get(support) ?? [];
    if (!known.includes(likeness)) seen.set(support, [...known, likeness]);
    variants.set(column.index, (seen.get(support) ?? []).indexOf(likeness) + 1);
  }
  return variants;
}

/**
 * Groups whose sum says all there is to say, which begin folded: more than a screenful of members
 * that all answer alike within each column.
 */
export function uniformGroups(matrix: Matrix): Set<string> {
  const isUniform = (rows: readonly Row[]): boolean =>
    rows.length > 8 &&
    matrix.columns.every(
      (column) => new Set(rows.map((row) => matrix.answerAt(row, column)?.support)).size === 1,
    );
  return new Set([...matrix.groups].filter(([, rows]) => isUniform(rows)).map(([group]) => group));
}

/** How many of rows differ between columns. */
export function countDiffering(
  matrix: Matrix,
  rows: readonly Row[],
  columns: readonly Column[],
): number {
  return rows.filter((row) => likenessesIn(matrix, row, columns).size > 1).length;
}
