import { cellName } from '../../harness/record/cell-name.js';
import type { RegisterRecord } from '../../harness/record/cell-record.js';
import { isAnswered } from '../../harness/record/cell-record.js';
import { COMPARED_FIELDS } from '../../harness/record/compare-rows.js';
import { rowFieldText } from '../../harness/record/row-fields.js';
import type {
  Feed,
  FeedAnswer,
  FeedCell,
  FeedDeviation,
  FeedIssue,
  FeedKernel,
  FeedPlatform,
  FeedRegister,
} from '../feed.generated.js';
import { extraFields } from './extra-fields.js';

/** A cell of the feed with what it points to. */
export interface Column {
  /** Its index in the feed's `cells`. */
  readonly index: number;
  readonly kernel: FeedKernel;
  readonly kernelIndex: number;
  readonly platform: FeedPlatform;
  readonly platformIndex: number;
  readonly cell: FeedCell;
  /** `<kernel id>/<platform id>`. */
  readonly name: string;
}

/** A register of the feed. */
export interface Row {
  /** Its index in the feed's `registers`. */
  readonly index: number;
  readonly register: FeedRegister;
}

/** A feed, ready to be looked into by row and column. */
export interface Matrix {
  readonly feed: Feed;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  /** Groups of registers, in the order of their first members. */
  readonly groups: ReadonlyMap<string, readonly Row[]>;
  /** The answer of a register in a cell; undefined where it was not asked. */
  readonly answerAt: (row: Row, column: Column) => FeedAnswer | undefined;
  /** Equal for two answers that differ in nothing that a kernel says; undefined as `answerAt`. */
  readonly likenessAt: (row: Row, column: Column) => number | undefined;
  readonly issuesAt: (row: Row, column: Column) => readonly FeedIssue[];
  /** The known issues behind the verdict on a register in a cell. */
  readonly issuesBehind: (row: Row, column: Column) => readonly FeedIssue[];
  readonly deviationsAt: (row: Row, column: Column) => readonly FeedDeviation[];
}

export function buildMatrix(feed: Feed): Matrix {
  const rows = feed.registers.map((register, index) => ({ index, register }));
  const columns = feed.cells.map((cell, index) => columnOf(feed, cell, index));
  const likenesses = likenessesOf(feed);
  const answerIndex = (row: Row, column: Column): number | undefined => {
    const index = column.cell.answers[row.index];
    const answer = index === null || index === undefined ? undefined : feed.answers[index];
    return answer === undefined || answer.support === 'untested' ? undefined : (index ?? undefined);
  };
  const issues = placed(
    feed.issues.flatMap((issue) =>
      issue.evidence.flatMap(({ cell, registers }) =>
        registers.map((register) => ({ cell, register, found: issue })),
      ),
    ),
  );
  const issuesById = new Map(feed.issues.map((issue) => [issue.id, issue]));
  const deviations = placed(
    feed.deviations.flatMap((found) =>
      found.register === null ? [] : [{ cell: found.cell, register: found.register, found }],
    ),
  );
  return {
    ...{ feed, rows, columns },
    groups: groupRows(rows),
    answerAt: (row, column) => {
      const index = answerIndex(row, column);
      return index === undefined ? undefined : feed.answers[index];
    },
    likenessAt: (row, column) => {
      const index = answerIndex(row, column);
      return index === undefined ? undefined : likenesses[index];
    },
    issuesAt: (row, column) => issues.get(placeKey(column.index, row.index)) ?? [],
    issuesBehind: (row, column) => {
      const index = answerIndex(row, column);
      const verdict = feed.verdicts[feed.answers[index ?? -1]?.verdict ?? -1];
      return (verdict?.issues ?? []).flatMap((id) => issuesById.get(id) ?? []);
    },
    deviationsAt: (row, column) => deviations.get(placeKey(column.index, row.index)) ?? [],
  };
}

/** The column of a name, `<kernel id>/<platform id>`. */
export function columnNamed({ columns }: Matrix, name: string | undefined): Column | undefined {
  return columns.find((column) => column.name === name);
}

/** The row of a register. */
export function rowNamed({ rows }: Matrix, name: string): Row | undefined {
  return rows.find(({ register }) => register.name === name);
}

/** The different answers of a row in `columns`; one that is no answer of the kernel is left out. */
export function likenessesIn(
  matrix: Matrix,
  row: Row,
  columns: readonly Column[],
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const column of columns) {
    const likeness = matrix.likenessAt(row, column);
    if (likeness !== undefined && matrix.answerAt(row, column)?.support !== 'error') {
      found.add(likeness);
    }
  }
  return found;
}

/** Rows by group, in the order of their first members. */
export function groupRows(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const members = groups.get(row.register.group);
    if (members === undefined) groups.set(row.register.group, [row]);
    else members.push(row);
  }
  return groups;
}

function columnOf(feed: Feed, cell: FeedCell, index: number): Column {
  const kernel = feed.kernels[cell.kernel];
  const platform = feed.platforms[cell.platform];
  if (kernel === undefined || platform === undefined) {
    throw new RangeError(`cell ${index} of the feed is of no kernel or platform of it`);
  }
  const name = cellName({ kernel: kernel.id, platform: platform.id });
  return {
    ...{ index, kernel, platform, cell, name },
    kernelIndex: cell.kernel,
    platformIndex: cell.platform,
  };
}

/** For each answer of the feed, the index of the first one that says the same. */
function likenessesOf({ answers }: Feed): number[] {
  const first = new Map<string, number>();
  return answers.map((answer, index) => {
    const text = comparedText(answer);
    const known = first.get(text) ?? index;
    first.set(text, known);
    return known;
  });
}

/** All that a kernel says in an answer: neither the note's wording nor our reasons. */
function comparedText(answer: FeedAnswer): string {
  if (!isAnswered(asRow(answer))) return answer.support;
  const compared = COMPARED_FIELDS.map((field) => rowFieldText(asRow(answer), field));
  return JSON.stringify([...compared, ...extraFields(answer)]);
}

/** An answer as the row of a record that it was made from; what a register itself has is the same. */
export function asRow(answer: FeedAnswer): RegisterRecord {
  return { ...answer, id: '', size: 64, spr: null, group: '' };
}

function placeKey(cell: number, register: number): string {
  return `${cell} ${register}`;
}

function placed<T>(
  found: readonly { readonly cell: number; readonly register: number; readonly found: T }[],
): Map<string, T[]> {
  const places = new Map<string, T[]>();
  for (const { cell, register, found: what } of found) {
    const key = placeKey(cell, register);
    places.set(key, [...(places.get(key) ?? []), what]);
  }
  return places;
}
