import type { Support } from '../../harness/record/cell-record.js';
import type { GuestVerdict, MigrationVerdict } from '../../harness/record/record.generated.js';
import { comparedWith } from '../../harness/record/comparable-families.js';
import { verdictAt } from './looks.js';
import type { Column, Matrix, Row } from './matrix.js';
import { asRow, likenessesIn } from './matrix.js';

/** What of the matrix is shown: filters that are all met at once. Empty lists choose everything. */
export interface Filters {
  /** Words of a name (`*` and `?` as in a shell), SPR numbers or parts of ids; any of them suffices. */
  readonly text: string;
  readonly groups: readonly string[];
  readonly platforms: readonly string[];
  /** Kernel ids: the oldest and the newest shown. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Registers that have any of them in a column shown. */
  readonly supports: readonly Support[];
  /** Registers of which a migration within a cell says any of them in a column shown. */
  readonly migrations: readonly MigrationVerdict[];
  /** Registers of which a guest says any of them, reading or writing, in a column shown. */
  readonly guests: readonly GuestVerdict[];
  /** Only rows that differ between the columns shown. */
  readonly differ: boolean;
  /** Only what changed since this kernel, on the same platform; older kernels are not shown. */
  readonly since: string | undefined;
  /** Only rows that a known issue or a deviation speaks of. */
  readonly issues: boolean;
}

/** What a guest can say of a register, and what a migration within a cell can come to. */
export const GUEST_VERDICTS = [
  ...(['agrees', 'differs', 'traps', 'not-accessible', 'untested'] as const),
] satisfies readonly GuestVerdict[];
export const MIGRATION_VERDICTS = [
  ...(['kept', 'changed', 'refused', 'untested'] as const),
] satisfies readonly MigrationVerdict[];

export const NO_FILTERS: Filters = {
  text: '',
  groups: [],
  platforms: [],
  from: undefined,
  to: undefined,
  supports: [],
  migrations: [],
  guests: [],
  differ: false,
  since: undefined,
  issues: false,
};

/** Whether filters choose anything less than everything. */
export function isFiltered(filters: Filters): boolean {
  return JSON.stringify(filters) !== JSON.stringify(NO_FILTERS);
}

/** The columns that filters leave, in the feed's order. */
export function visibleColumns(matrix: Matrix, filters: Filters): Column[] {
  const { feed } = matrix;
  const place = (id: string | undefined): number => feed.kernels.findIndex((k) => k.id === id);
  const from = Math.max(place(filters.from), firstOfLine(matrix, filters.since));
  const to = filters.to === undefined ? Infinity : place(filters.to);
  const before = columnsSince(matrix, filters.since);
  return matrix.columns.filter(
    (column) =>
      column.kernelIndex >= from &&
      column.kernelIndex <= to &&
      (filters.platforms.length === 0 || filters.platforms.includes(column.platform.id)) &&
      (filters.since === undefined || before.has(column)),
  );
}

/** The rows that filters leave, given the columns that they leave. */
export function visibleRows(matrix: Matrix, columns: readonly Column[], filters: Filters): Row[] {
  const words = filters.text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const before = columnsSince(matrix, filters.since);
  return matrix.rows.filter(
    (row) =>
      (words.length === 0 || words.some((word) => isNamed(row, word))) &&
      (filters.groups.length === 0 || filters.groups.includes(row.register.group)) &&
      (filters.supports.length === 0 || hasSupport(matrix, row, columns, filters.supports)) &&
      (filters.migrations.length === 0 || hasMigration(matrix, row, columns, filters.migrations)) &&
      (filters.guests.length === 0 || hasGuest(matrix, row, columns, filters.guests)) &&
      (!filters.differ || likenessesIn(matrix, row, columns).size > 1) &&
      (filters.since === undefined ||
        columns.some((column) => hasChanged(matrix, row, column, before))) &&
      (!filters.issues || columns.some((column) => isOfNote(matrix, row, column))),
  );
}

/**
 * The column that each is compared with to see what changed since a kernel: of the same platform, in that
 * kernel's line, of a kernel of its own family. Columns that have none are left out; without `since`, all.
 */
export function columnsSince(
  matrix: Matrix,
  since: string | undefined,
): ReadonlyMap<Column, Column> {
  const line = lineOf(matrix, since);
  if (line === undefined) return new Map();
  const ofLine = matrix.columns.filter(({ kernel }) => (kernel.line ?? kernel.id) === line);
  return new Map(
    matrix.columns.flatMap((column) => {
      const candidates = ofLine.filter(
        ({ platformIndex }) => platformIndex === column.platformIndex,
      );
      const before = comparedWith(column.kernel.family, candidates, ({ kernel }) => kernel.family);
      return before === undefined ? [] : [[column, before] as const];
    }),
  );
}

/**
 * Whether a register answers otherwise in a column than in the one that `before` (`columnsSince`) has for it.
 * What the configuration alone changes is no change of the kernel.
 */
export function hasChanged(
  matrix: Matrix,
  row: Row,
  column: Column,
  before: ReadonlyMap<Column, Column>,
): boolean {
  const older = before.get(column);
  return older !== undefined && changeBetween(matrix, row, older, column) === 'kernel';
}

/** Whose it is that a register answers otherwise in one cell than in another; undefined where it does not. */
function changeBetween(
  matrix: Matrix,
  row: Row,
  a: Column,
  b: Column,
): 'kernel' | 'configuration' | undefined {
  if (likenessesIn(matrix, row, [a, b]).size < 2) return undefined;
  const isLeftOut = [a, b].some(
    (column) => verdictAt(matrix, row, column)?.aspects['round-trip'] === 'configuration',
  );
  return isLeftOut ? 'configuration' : 'kernel';
}

/** Two cells that are compared: what changed from `a` to `b`. */
export interface ColumnPair {
  readonly a: Column;
  readonly b: Column;
}

/** Registers that answer otherwise, by whose it is. */
export interface ChangedRows {
  readonly kernel: readonly Row[];
  /** Those that the configuration changes, and the kernel in no pair. */
  readonly configuration: readonly Row[];
}

/** The registers that answer otherwise in the second cell of any pair than in the first. */
export function changedRows(matrix: Matrix, pairs: readonly ColumnPair[]): ChangedRows {
  const kernel: Row[] = [];
  const configuration: Row[] = [];
  for (const row of matrix.rows) {
    const causes = pairs.map(({ a, b }) => changeBetween(matrix, row, a, b));
    if (causes.includes('kernel')) kernel.push(row);
    else if (causes.includes('configuration')) configuration.push(row);
  }
  return { kernel, configuration };
}

/** Whether a known issue or a deviation speaks of a register in a cell. */
export function isOfNote(matrix: Matrix, row: Row, column: Column): boolean {
  return matrix.issuesAt(row, column).length + matrix.deviationsAt(row, column).length > 0;
}

/** The line of a kernel, or its id where it has none. */
function lineOf({ feed }: Matrix, id: string | undefined): string | undefined {
  const kernel = feed.kernels.find((candidate) => candidate.id === id);
  return kernel && (kernel.line ?? kernel.id);
}

/** Where the kernels of a kernel's line begin; -1 of none. */
function firstOfLine(matrix: Matrix, id: string | undefined): number {
  const line = lineOf(matrix, id);
  if (line === undefined) return -1;
  return matrix.feed.kernels.findIndex((kernel) => (kernel.line ?? kernel.id) === line);
}

function hasSupport(
  matrix: Matrix,
  row: Row,
  columns: readonly Column[],
  supports: readonly Support[],
): boolean {
  return columns.some((column) =>
    supports.includes(matrix.answerAt(row, column)?.support ?? 'untested'),
  );
}

function hasMigration(
  matrix: Matrix,
  row: Row,
  columns: readonly Column[],
  verdicts: readonly MigrationVerdict[],
): boolean {
  return columns.some((column) => {
    const answer = matrix.answerAt(row, column);
    const migrates = answer && asRow(answer).migrates;
    return migrates !== undefined && verdicts.includes(migrates.answer);
  });
}

function hasGuest(
  matrix: Matrix,
  row: Row,
  columns: readonly Column[],
  verdicts: readonly GuestVerdict[],
): boolean {
  return columns.some((column) => {
    const answer = matrix.answerAt(row, column);
    const guest = answer && asRow(answer).guest;
    return (
      guest !== undefined &&
      (verdicts.includes(guest.read.answer) || verdicts.includes(guest.write.answer))
    );
  });
}

/** Whether a lower-case word is part of a name, an SPR number, or part of an id. */
function isNamed({ register }: Row, word: string): boolean {
  const name = register.name.toLowerCase();
  if (/[*?]/.test(word)) return globPattern(word).test(name);
  return (
    name.includes(word) ||
    (register.spr !== null &&
      [`${register.spr}`, `0x${register.spr.toString(16)}`].includes(word)) ||
    (word.length > 3 && register.id.includes(word))
  );
}

function globPattern(glob: string): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
