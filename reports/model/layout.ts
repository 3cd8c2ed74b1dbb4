import type { Support } from '../../harness/record/cell-record.js';
import { verdictAt } from './looks.js';
import type { Column, Matrix, Row } from './matrix.js';
import { likenessesIn } from './matrix.js';

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

/** The rows that are absent, or were not asked, in every cell of `columns`. */
export function absentRows(
  matrix: Matrix,
  rows: readonly Row[],
  columns: readonly Column[],
): ReadonlySet<Row> {
  return new Set(
    rows.filter((row) =>
      columns.every((column) => {
        const verdict = verdictAt(matrix, row, column);
        return verdict === undefined || verdict.kind === 'absent';
      }),
    ),
  );
}
