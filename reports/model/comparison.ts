import { isAnswered } from '../../harness/record/cell-record.js';
import type { CellFacts } from '../../harness/record/diff-records.js';
import type { FeedAnswer } from '../feed.generated.js';
import type { Column, Matrix, Row } from './matrix.js';
import { asRow } from './matrix.js';
import { differenceWords, sideNames } from './words.js';

/** In which way a register differs, from one column to the other. */
export type Kind = 'gained' | 'gone' | 'state' | 'detail' | 'unknown';

/** What the kinds are called as headings, in the order in which they are shown. */
export const KIND_TITLES: Readonly<Record<Kind, string>> = {
  gone: 'No longer there',
  gained: 'New',
  state: 'Works otherwise',
  detail: 'Other bits, errnos or fresh values',
  unknown: 'Not asked on one side',
};

/** A register that two columns answer differently for. */
export interface Difference {
  readonly row: Row;
  readonly kind: Kind;
  readonly a: FeedAnswer | undefined;
  readonly b: FeedAnswer | undefined;
  /** "absent (EINVAL) in 5.10, exact in 6.1". */
  readonly sentence: string;
}

/** What differs between two columns, in the order of `KIND_TITLES`, then of the registers. */
export function compareColumns(
  matrix: Matrix,
  rows: readonly Row[],
  a: Column,
  b: Column,
): Difference[] {
  const names = sideNames(a, b);
  const kinds = Object.keys(KIND_TITLES);
  return rows
    .flatMap((row): Difference[] => {
      const [left, right] = [matrix.answerAt(row, a), matrix.answerAt(row, b)];
      const words = differenceWords(left, right);
      if (words === undefined) return [];
      const sentence = `${words.a} in ${names.a}, ${words.b} in ${names.b}`;
      return [{ row, kind: kindOf(left, right), a: left, b: right, sentence }];
    })
    .sort((x, y) => kinds.indexOf(x.kind) - kinds.indexOf(y.kind));
}

/** Registers that differ in the same way. */
export interface DifferenceCluster {
  readonly kind: Kind;
  readonly sentence: string;
  readonly found: readonly [Difference, ...Difference[]];
}

/** Differences that one sentence tells, together; in the order of their first members. */
export function clusterDifferences(differences: readonly Difference[]): DifferenceCluster[] {
  const clusters = new Map<
    string,
    { kind: Kind; sentence: string; found: [Difference, ...Difference[]] }
  >();
  for (const difference of differences) {
    const { kind, sentence } = difference;
    const known = clusters.get(`${kind} ${sentence}`);
    if (known === undefined)
      clusters.set(`${kind} ${sentence}`, { kind, sentence, found: [difference] });
    else known.found.push(difference);
  }
  return [...clusters.values()];
}

/** What a column's cell ran on. Every value is text from a kernel or a package. */
export function cellFacts({ cell: { image, machine, kvm } }: Column): CellFacts {
  return { kernel: image, machine, kvm };
}

function kindOf(a: FeedAnswer | undefined, b: FeedAnswer | undefined): Kind {
  const [left, right] = [a && asRow(a), b && asRow(b)];
  if (!isAnswered(left) || !isAnswered(right)) return 'unknown';
  if (left.support === right.support) return 'detail';
  if (left.support === 'absent') return 'gained';
  return right.support === 'absent' ? 'gone' : 'state';
}
