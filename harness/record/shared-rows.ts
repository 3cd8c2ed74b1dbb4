import type { CellRecord, RegisterRecord } from './record.generated.js';

const rows = new Map<string, RegisterRecord>();

/**
 * `record`, whose rows are those of earlier records where they are the same: of the 41,540 rows of the whole
 * matrix some 600 are distinct. A run keeps every record until its end, and so hardly more for a long one.
 */
export function withSharedRows(record: CellRecord): CellRecord {
  const shared = Object.entries(record.registers).map(([name, row]) => {
    const text = JSON.stringify(row);
    const known = rows.get(text) ?? row;
    rows.set(text, known);
    return [name, known] as const;
  });
  return { ...record, registers: Object.fromEntries(shared) };
}
