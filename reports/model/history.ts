import type { FeedAnswer, FeedKernel, FeedPlatform } from '../feed.generated.js';
import type { Column, Matrix, Row } from './matrix.js';

/** Neighbouring kernels under which a register answers the same on one platform. */
export interface Span {
  /** Indexes into the kernels of `History`, both included. */
  readonly from: number;
  readonly to: number;
  /** The span's columns; none where no cell was recorded. */
  readonly columns: readonly Column[];
  readonly answer: FeedAnswer | undefined;
  readonly likeness: number | undefined;
}

/** What a register answered over the kernels, platform by platform. */
export interface History {
  readonly kernels: readonly FeedKernel[];
  readonly lines: readonly { readonly platform: FeedPlatform; readonly spans: readonly Span[] }[];
}

/** The history of a register over every kernel of the feed, oldest first. */
export function historyOf(matrix: Matrix, row: Row): History {
  const { kernels, platforms } = matrix.feed;
  const lines = platforms.map((platform, platformIndex) => {
    const spans: Span[] = [];
    for (const index of kernels.keys()) {
      const column = matrix.columns.find(
        (candidate) => candidate.kernelIndex === index && candidate.platformIndex === platformIndex,
      );
      const next = spanOf(matrix, row, index, column);
      const last = spans.at(-1);
      if (last !== undefined && isAlike(last, next)) {
        spans[spans.length - 1] = {
          ...last,
          to: index,
          columns: [...last.columns, ...next.columns],
        };
      } else spans.push(next);
    }
    return { platform, spans };
  });
  return { kernels, lines };
}

/** The columns that answer the same, the answers in the order in which the columns have them. */
export interface AnswerPlaces {
  readonly answer: FeedAnswer;
  readonly columns: readonly Column[];
}

/** Every different answer of a register with the columns that gave it. */
export function placesOfAnswers(matrix: Matrix, row: Row): AnswerPlaces[] {
  const places = new Map<string, { answer: FeedAnswer; columns: Column[] }>();
  for (const column of matrix.columns) {
    const answer = matrix.answerAt(row, column);
    if (answer === undefined) continue;
    // Our reasons and the notes tell places apart, too: both are shown with the answer.
    const key = `${matrix.likenessAt(row, column) ?? ''} ${JSON.stringify([answer.note, answer.reasons])}`;
    const known = places.get(key);
    if (known === undefined) places.set(key, { answer, columns: [column] });
    else known.columns.push(column);
  }
  return [...places.values()];
}

/** Columns by kernel, each with its platforms: "debian-6.1: powernv8, powernv9". */
export function columnsByKernel(columns: readonly Column[]): Map<FeedKernel, Column[]> {
  const byKernel = new Map<FeedKernel, Column[]>();
  for (const column of columns) {
    byKernel.set(column.kernel, [...(byKernel.get(column.kernel) ?? []), column]);
  }
  return byKernel;
}

function spanOf(matrix: Matrix, row: Row, index: number, column: Column | undefined): Span {
  return {
    from: index,
    to: index,
    columns: column === undefined ? [] : [column],
    answer: column && matrix.answerAt(row, column),
    likeness: column && matrix.likenessAt(row, column),
  };
}

function isAlike(a: Span, b: Span): boolean {
  return a.likeness === b.likeness && (a.columns.length === 0) === (b.columns.length === 0);
}
