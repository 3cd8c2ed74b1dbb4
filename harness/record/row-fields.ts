import { guestAnswerText, migrationText } from './answer-text.js';
import type { RegisterRecord } from './record.generated.js';

/** A field of a register's row. */
export type RowField = keyof RegisterRecord;

/** A line with which a field is shown: what it is called, and what it says. */
export interface ShownLine {
  readonly label: string;
  readonly text: string;
}

interface FieldOf<Value> {
  /**
   * Who says it: registers.def, the kernel, or the harness in words of its own. What the kernel says is
   * compared first, then what registers.def says; the wording of a note is no answer, and not compared.
   */
  readonly from: 'registers.def' | 'kernel' | 'harness';
  /**
   * Whether the field is younger than the first records: one that does not have it says nothing of it,
   * and is compared in all else.
   */
  readonly isLater?: true;
  /** How a file has it, where it is not the value as it is: the order of an object's fields. */
  readonly written?: (value: Value) => unknown;
  /** As people read it in a sentence, and as it is compared; null and no value are `none`. */
  readonly text: (value: NonNullable<Value>) => string;
  /** Its lines where a row is shown by itself; none where the head of it says it. */
  readonly shown: (value: Value) => readonly ShownLine[];
  /** What a row that was not asked has of it; `kept` is what registers.def says, undefined no such field. */
  readonly unasked: Value | 'kept' | undefined;
}

/** What registers.def says of a register: its row has it whatever the kernel answers. */
export const TABLE_FIELDS = ['id', 'size', 'spr', 'group'] as const satisfies readonly RowField[];

/** The part of a row that registers.def says. */
export type TableRow = Pick<RegisterRecord, (typeof TABLE_FIELDS)[number]>;

/** The values that fields have where they are there. */
type Values = { [F in RowField]-?: Exclude<RegisterRecord[F], undefined> };
type RowFields = { readonly [F in RowField]: FieldOf<Values[F]> };

const line = (label: string, text: string): readonly ShownLine[] => [{ label, text }];
const notShown = (): readonly ShownLine[] => [];
const OF_TABLE = { from: 'registers.def', text: String, shown: notShown, unasked: 'kept' } as const;

/**
 * The fields of a row, in the order of a file. A field that the schema gains has no other place: the
 * compiler asks for it here, and records are written, compared, shown and filled by this table.
 */
export const ROW_FIELDS: RowFields = {
  id: OF_TABLE,
  size: OF_TABLE,
  spr: OF_TABLE,
  group: OF_TABLE,
  support: { from: 'kernel', text: String, shown: notShown, unasked: 'untested' },
  get: {
    from: 'kernel',
    text: String,
    shown: (answer) => line('get', answer ?? 'not asked'),
    unasked: null,
  },
  put: {
    from: 'kernel',
    text: String,
    shown: (answer) => line('put back', answer ?? 'not asked'),
    unasked: null,
  },
  reset: {
    from: 'kernel',
    text: String,
    shown: (value) => line('fresh', value ?? '-'),
    unasked: null,
  },
  writable: {
    from: 'kernel',
    text: String,
    shown: (value) => line('writable', value ?? '-'),
    unasked: null,
  },
  refused: {
    from: 'kernel',
    written: (refusals) => refusals.map(({ errno, value, bits }) => ({ errno, value, bits })),
    text: (refusals) =>
      refusals
        .map(({ errno, value, bits }) => `${errno} for ${value} (single bits ${bits})`)
        .sort()
        .join(' and ') || 'none',
    shown: (refusals) =>
      refusals.flatMap(({ errno, value, bits }) =>
        line('refused', `${value} with ${errno}; single bits ${bits}`),
      ),
    unasked: [],
  },
  exceptions: {
    from: 'kernel',
    isLater: true,
    written: (exceptions) => exceptions.map(({ put, got }) => ({ put, got })),
    text: (exceptions) =>
      exceptions.map(({ put, got }) => `${put} reads back ${got}`).join(' and ') || 'none',
    shown: (exceptions) =>
      exceptions.flatMap(({ put, got }) => line('exception', `${put} reads back ${got}`)),
    unasked: undefined,
  },
  digest: {
    from: 'kernel',
    isLater: true,
    text: String,
    shown: (digest) => line('digest', `${digest} of all answers`),
    unasked: undefined,
  },
  aliases: {
    from: 'kernel',
    text: (names) => names.toSorted().join(' and '),
    shown: (names) => line('answers as', names.join(', ')),
    unasked: undefined,
  },
  victims: {
    from: 'kernel',
    text: (names) => names.toSorted().join(' and '),
    shown: (names) => line('changes', `${names.join(', ')} when it is put`),
    unasked: undefined,
  },
  guest: {
    from: 'kernel',
    text: ({ read, write }) => `read ${guestAnswerText(read)}, write ${guestAnswerText(write)}`,
    shown: ({ read, write }) => [
      ...line('guest', `reads it: ${guestAnswerText(read)}`),
      ...line('guest', `writes it: ${guestAnswerText(write)}`),
    ],
    unasked: undefined,
  },
  migrates: {
    from: 'kernel',
    isLater: true,
    text: migrationText,
    shown: (migration) => line('migrates', migrationText(migration)),
    unasked: undefined,
  },
  note: {
    from: 'harness',
    text: String,
    shown: (note) => line('note', note),
    unasked: undefined,
  },
};

/** The names of the fields, in the order of a file. */
export const ROW_FIELD_NAMES = Object.keys(ROW_FIELDS) as readonly RowField[];

/** The fields in which a kernel answers. */
export const ANSWER_FIELDS: readonly RowField[] = ROW_FIELD_NAMES.filter(
  (field) => ROW_FIELDS[field].from === 'kernel',
);

/** A row as a file has it: its fields in their order, without those that are not there. */
export function writtenRow(row: RegisterRecord): Readonly<Record<string, unknown>> {
  const written: Record<string, unknown> = {};
  for (const field of ROW_FIELD_NAMES) {
    const value = valueOf(row, field);
    if (value !== undefined) written[field] = writtenValue(field, value);
  }
  return written;
}

/** One field as people read it: `none` stands for null, an empty list, and a field not there. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties the entry to its value
export function rowFieldText<F extends RowField>(row: RegisterRecord, field: F): string {
  const value = valueOf(row, field);
  return value === null || value === undefined ? 'none' : ROW_FIELDS[field].text(value);
}

/** The lines of one field where a row is shown by itself; none when it is not there. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties the entry to its value
export function shownLines<F extends RowField>(
  row: RegisterRecord,
  field: F,
): readonly ShownLine[] {
  const value = valueOf(row, field);
  return value === undefined ? [] : ROW_FIELDS[field].shown(value);
}

/** The row of a register that was not asked. */
export function unaskedRow(register: TableRow): RegisterRecord {
  const unasked = ROW_FIELD_NAMES.flatMap((field) => {
    const value = ROW_FIELDS[field].unasked;
    return value === undefined || value === 'kept' ? [] : [[field, value] as const];
  });
  const { id, size, spr, group } = register;
  // What the table leaves out of an unasked row is what the schema does not require.
  return { id, size, spr, group, ...Object.fromEntries(unasked) } as RegisterRecord;
}

function valueOf<F extends RowField>(row: RegisterRecord, field: F): Values[F] | undefined {
  return (row as Partial<Values>)[field];
}

function writtenValue<F extends RowField>(field: F, value: Values[F]): unknown {
  return ROW_FIELDS[field].written?.(value) ?? value;
}
