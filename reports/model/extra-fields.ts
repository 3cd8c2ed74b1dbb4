import { ROW_FIELD_NAMES } from '../../harness/record/row-fields.js';

/** The fields of an answer that the report knows how to show. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([...ROW_FIELD_NAMES, 'reasons', 'verdict']);

/** The fields of a cell that the report knows how to show. */
const KNOWN_CELL_FIELDS: ReadonlySet<string> = new Set([
  ...['kernel', 'platform', 'origin', 'image', 'machine', 'kvm', 'harness', 'timings', 'answers'],
]);

/** A field that a later probe has added, as its name and its value. */
export type ExtraField = readonly [name: string, value: unknown];

/** What an answer has beyond the fields of today, by name in alphabetical order. */
export function extraFields(answer: object): ExtraField[] {
  return unknownFields(answer, KNOWN_FIELDS);
}

/** The same of a cell. */
export function extraCellFields(cell: object): ExtraField[] {
  return unknownFields(cell, KNOWN_CELL_FIELDS);
}

/** Any JSON value in words: `a, b`; `agrees yes, bits 0x0f`; `none` for nothing. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ');
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(([name, part]) => `${name} ${valueText(part)}`);
    return parts.length === 0 ? 'none' : parts.join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function unknownFields(from: object, known: ReadonlySet<string>): ExtraField[] {
  return Object.entries(from)
    .filter(([name]) => !known.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
