import type { RegisterRecord } from './cell-record.js';
import type { RowField } from './row-fields.js';
import { ANSWER_FIELDS, ROW_FIELDS, rowFieldText, TABLE_FIELDS } from './row-fields.js';

/** The fields that rows are compared by, those that say most first. */
export const COMPARED_FIELDS: readonly RowField[] = [...ANSWER_FIELDS, ...TABLE_FIELDS];

/** A field in which two rows differ, with both values as people read them. */
export interface FieldChange {
  readonly field: RowField;
  readonly a: string;
  readonly b: string;
}

/**
 * The fields in which two rows of one register differ, in the order of `COMPARED_FIELDS`. A record that
 * is older than a field says nothing of it, and is compared in all else.
 */
export function changedFields(a: RegisterRecord, b: RegisterRecord): FieldChange[] {
  return COMPARED_FIELDS.filter((field) => isComparable(field, a, b))
    .map((field) => ({ field, a: rowFieldText(a, field), b: rowFieldText(b, field) }))
    .filter((change) => change.a !== change.b);
}

function isComparable(field: RowField, a: RegisterRecord, b: RegisterRecord): boolean {
  if (ROW_FIELDS[field].isLater !== true) return true;
  return a[field] !== undefined && b[field] !== undefined;
}

/** Fields as one phrase: "exact, get ok, writable 0x0f": `support` stands without its name. */
export function fieldPhrase(changes: readonly FieldChange[], side: 'a' | 'b'): string {
  return changes
    .map((change) =>
      change.field === 'support' ? change[side] : `${change.field} ${change[side]}`,
    )
    .join(', ');
}
