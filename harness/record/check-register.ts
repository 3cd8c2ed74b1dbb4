import { nearestFirst } from '../base/nearest.js';
import type { RegisterRecord, Support } from './cell-record.js';
import { showValue } from '../data/schema-faults.js';

/** Hex digits behind 0x of a value of `size` bits. */
const digitsOf = (size: number): number => size / 4;

/** The value of `size` bits with every bit set, as records write it. */
function onesText(size: number): string {
  return `0x${'f'.repeat(digitsOf(size))}`;
}

/** The value of `size` bits with no bit set, as records write it. */
function zerosText(size: number): string {
  return `0x${'0'.repeat(digitsOf(size))}`;
}

/**
 * What is wrong in a row that follows the schema, one line a fault without the register's name:
 * widths that differ from `size`, and answers that do not agree with `support`.
 * `names` are the registers that `aliases` may name.
 */
export function checkRegister(
  name: string,
  row: RegisterRecord,
  names: readonly string[],
): string[] {
  return [
    ...checkWidths(row),
    ...checkAnswers(row),
    ...checkAliases(name, row, names),
    ...SUPPORT_CHECKS[row.support](row),
  ];
}

function checkWidths(row: RegisterRecord): string[] {
  // Bits 52 to 55 of a ONE_REG id hold the base-2 logarithm of the size in bytes.
  const idSize = 8 << Number((BigInt(row.id) >> 52n) & 15n);
  const values: [field: string, value: string | null][] = [
    ['reset', row.reset],
    ['writable', row.writable],
    ...row.refused.flatMap(({ value, bits }, index): [string, string][] => [
      [`refused[${index}].value`, value],
      [`refused[${index}].bits`, bits],
    ]),
  ];
  const digits = digitsOf(row.size);
  return [
    ...(idSize === row.size
      ? []
      : [`size: ${row.size} bits, but the id ${row.id} is that of ${idSize} bits`]),
    ...values
      .filter(([, value]) => value !== null && value.length !== digits + 2)
      .map(([field, value]) => {
        const got = (value?.length ?? 0) - 2;
        return `${field}: ${showValue(value)} has ${got} digits; a register of ${row.size} bits has ${digits}`;
      }),
  ];
}

/** What holds whatever the support: who asks in one direction asks in both, and so on. */
function checkAnswers(row: RegisterRecord): string[] {
  const errnos = row.refused.map(({ errno }) => errno);
  const repeated = errnos.find((errno, index) => errnos.indexOf(errno) !== index);
  return [
    ...(row.reset !== null && row.get !== 'ok'
      ? [`reset: ${showValue(row.reset)}, but get is ${showValue(row.get)}; it must be null`]
      : []),
    ...(repeated === undefined
      ? []
      : [`refused: ${repeated} has more than one entry; each errno has one`]),
  ];
}

function checkAliases(name: string, row: RegisterRecord, names: readonly string[]): string[] {
  return [
    ...checkNamedRegisters('aliases', name, row, names),
    ...checkNamedRegisters('victims', name, row, names),
  ];
}

function checkNamedRegisters(
  field: 'aliases' | 'victims',
  name: string,
  row: RegisterRecord,
  names: readonly string[],
): string[] {
  return (row[field] ?? []).flatMap((alias) => {
    if (alias === name) return [`${field}: ${alias} names the register itself`];
    if (names.includes(alias)) return [];
    const nearest = nearestFirst(alias, names).slice(0, 3).join(', ');
    return [
      `${field}: ${showValue(alias)} is no register of the record (nearest first: ${nearest})`,
    ];
  });
}

type SupportCheck = (row: RegisterRecord) => string[];
type Wanted = 'ok' | 'an errno' | 'ok or an errno' | 'null' | 'a value' | 'empty';

const hasNote = (row: RegisterRecord): boolean => row.note !== undefined && row.note !== '';

/** What each support value says about the other fields. */
const SUPPORT_CHECKS: Readonly<Record<Support, SupportCheck>> = {
  exact: (row) => [
    ...expectFields(row, { get: 'ok', put: 'ok', refused: 'empty' }),
    ...expectWritable(row, onesText(row.size), 'every bit'),
  ],
  masked: (row) => [
    ...expectFields(row, { get: 'ok', put: 'ok', refused: 'empty', writable: 'a value' }),
    ...(row.writable === onesText(row.size) && !hasNote(row)
      ? [`writable: every bit, though support is masked; a note must say what does not follow`]
      : []),
  ],
  restricted: (row) => [
    ...expectFields(row, { get: 'ok', put: 'ok or an errno' }),
    ...(row.put === 'ok' && row.refused.length === 0
      ? ['refused: empty, and put is "ok"; support is restricted, so a refusal must be kept']
      : []),
  ],
  lost: (row) => [
    ...expectFields(row, { get: 'ok', put: 'ok', refused: 'empty' }),
    ...expectWritable(row, zerosText(row.size), 'no bit'),
  ],
  'get-only': (row) =>
    expectFields(row, { get: 'ok', put: 'an errno', writable: 'null', refused: 'empty' }),
  'put-only': (row) =>
    expectFields(row, { get: 'an errno', put: 'ok or an errno', writable: 'null' }),
  volatile: (row) => [
    ...expectFields(row, { get: 'ok', put: 'ok or an errno', reset: 'null' }),
    ...expectNote(row),
  ],
  aliased: (row) => [
    ...expectFields(row, { get: 'ok', put: 'ok or an errno' }),
    ...(row.aliases === undefined && row.victims === undefined
      ? ['aliases: missing; support is aliased, so the other registers must be named']
      : []),
  ],
  absent: (row) =>
    expectFields(row, { get: 'an errno', put: 'an errno', writable: 'null', refused: 'empty' }),
  untested: (row) =>
    expectFields(row, { get: 'null', put: 'null', writable: 'null', refused: 'empty' }),
  error: expectNote,
};

function expectFields(
  row: RegisterRecord,
  wanted: Partial<Record<'get' | 'put' | 'reset' | 'writable' | 'refused', Wanted>>,
): string[] {
  return Object.entries(wanted).flatMap(([field, want]) => {
    const value = row[field as keyof typeof wanted];
    return isAsWanted(value, want)
      ? []
      : [`${field}: ${showValue(value)}, but support is ${row.support}; it must be ${want}`];
  });
}

function isAsWanted(value: RegisterRecord[keyof RegisterRecord], want: Wanted): boolean {
  switch (want) {
    case 'ok':
      return value === 'ok';
    case 'an errno':
      return typeof value === 'string' && value !== 'ok';
    case 'ok or an errno':
    case 'a value':
      return typeof value === 'string';
    case 'null':
      return value === null;
    case 'empty':
      return Array.isArray(value) && value.length === 0;
  }
}

function expectWritable(row: RegisterRecord, wanted: string, words: string): string[] {
  return row.writable === wanted
    ? []
    : [
        `writable: ${showValue(row.writable)}, but support is ${row.support}; it must be ${words}: ${wanted}`,
      ];
}

function expectNote(row: RegisterRecord): string[] {
  return hasNote(row)
    ? []
    : [`note: missing; support is ${row.support}, so it must say what is known`];
}
