import { answerText } from '../../record/answer-text.js';
import type { CellRecord } from '../../record/cell-record.js';
import type { RowField } from '../../record/row-fields.js';
import { rowFieldText } from '../../record/row-fields.js';

/**
 * A register's answer in a record, by which kernels are distinguished: what it supports, of a masked one with the
 * bits that follow; or one field of its row. Undefined when it was not asked.
 */
export function registerAnswer(
  { registers }: CellRecord,
  register: string,
  field?: RowField,
): string | undefined {
  const row = registers[register];
  if (row === undefined || row.support === 'untested' || row.support === 'error') return undefined;
  if (field !== undefined) return `${field} ${rowFieldText(row, field)}`;
  return row.support === 'masked' ? `masked (writable ${row.writable ?? '?'})` : answerText(row);
}
