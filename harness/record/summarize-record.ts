import type { CellRecord, Support } from './cell-record.js';
import { cellName, SUPPORTS } from './cell-record.js';

/** How many registers of a cell have each `support` value. */
export interface CellSummary {
  /** `<kernel id>/<platform id>`. */
  readonly cell: string;
  readonly counts: Readonly<Record<Support, number>>;
  readonly total: number;
}

/** Counts a record's registers by support. */
export function summarizeRecord(record: CellRecord): CellSummary {
  return { cell: cellName(record), ...countSupports(record, () => true) };
}

/** The same for each group of registers, in the order in which the record has the groups. */
export function summarizeGroups(record: CellRecord): Map<string, CellSummary> {
  const groups = new Set(Object.values(record.registers).map(({ group }) => group));
  return new Map(
    [...groups].map((wanted) => [
      wanted,
      { cell: cellName(record), ...countSupports(record, (group) => group === wanted) },
    ]),
  );
}

/** Counts as one line, "150 exact, 12 masked, 148 absent": zeros are left out. */
export function formatCounts({ counts }: Pick<CellSummary, 'counts'>): string {
  const parts = SUPPORTS.filter((support) => counts[support] > 0).map(
    (support) => `${counts[support]} ${support}`,
  );
  return parts.length === 0 ? 'no registers' : parts.join(', ');
}

function countSupports(
  record: CellRecord,
  isCounted: (group: string) => boolean,
): Pick<CellSummary, 'counts' | 'total'> {
  const counts = Object.fromEntries(SUPPORTS.map((support) => [support, 0])) as Record<
    Support,
    number
  >;
  let total = 0;
  for (const { group, support } of Object.values(record.registers)) {
    if (!isCounted(group)) continue;
    counts[support] += 1;
    total += 1;
  }
  return { counts, total };
}
