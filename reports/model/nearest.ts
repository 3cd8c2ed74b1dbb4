import { isComparable } from '../../harness/record/comparable-families.js';
import type { ChangedRows } from './filters.js';
import { changedRows } from './filters.js';
import type { Column, Matrix } from './matrix.js';

/** A cell of the reader's own and what it changes against a baseline. */
export interface OwnChange extends ChangedRows {
  readonly own: Column;
  /** Undefined where its platform has no baseline. */
  readonly nearest: Column | undefined;
}

/** Each cell of a run with the nearest baseline of its platform, and the registers that differ. */
export function nearestBaselines(matrix: Matrix): OwnChange[] {
  return matrix.columns
    .filter(({ cell }) => cell.origin === 'record')
    .map((own) => {
      const nearest = nearestOf(matrix, own);
      const pairs = nearest === undefined ? [] : [{ a: nearest, b: own }];
      return { own, nearest, ...changedRows(matrix, pairs) };
    });
}

/**
 * The baseline of a cell's platform that is nearest: of its line, or else the fewest kernels away, where a newer
 * one counts as one more; among these one that it is comparable with, then of its byte order, then of its page size.
 */
function nearestOf({ columns }: Matrix, own: Column): Column | undefined {
  const { family, line } = own.kernel;
  const distance = ({ kernel, kernelIndex }: Column): number[] => [
    kernel.line === line
      ? 0
      : Math.abs(kernelIndex - own.kernelIndex) + (kernelIndex > own.kernelIndex ? 1 : 0),
    isComparable(kernel.family, family) ? 0 : 1,
    kernel.family.byteOrder === family.byteOrder ? 0 : 1,
    kernel.family.pageSize === family.pageSize ? 0 : 1,
  ];
  const baselines = columns.filter(
    ({ cell, platformIndex }) => cell.origin === 'baseline' && platformIndex === own.platformIndex,
  );
  return baselines.toSorted((a, b) => compareLists(distance(a), distance(b)))[0];
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
