import type { CellRecord } from '../record/cell-record.js';
import { isSameCell } from '../record/cell-record.js';
import { changedFields, fieldPhrase } from '../record/compare-rows.js';
import { ROW_FIELDS } from '../record/row-fields.js';

/** Cells that answer alike for one register. */
export interface OtherAnswer {
  /** In what they differ: "exact, writable 0x..."; "the same" where in nothing. */
  readonly answer: string;
  /** Kernels that answer so on the same platforms, with those. */
  readonly cells: readonly {
    readonly kernels: readonly string[];
    readonly platforms: readonly string[];
  }[];
}

/**
 * What a register answers in other cells, next to its answer in `record`: those that answer the same
 * first, then the most frequent. Cells that were not asked are left out.
 */
export function answersElsewhere(
  record: CellRecord,
  register: string,
  others: readonly CellRecord[],
): OtherAnswer[] {
  const mine = record.registers[register];
  if (mine === undefined) return [];
  const answers = new Map<string, CellRecord['cell'][]>([[SAME, []]]);
  for (const other of others) {
    const row = other.registers[register];
    if (row === undefined || row.support === 'untested' || isSameCell(other, record)) continue;
    const changes = changedFields(mine, row).filter(
      ({ field }) => ROW_FIELDS[field].from === 'kernel',
    );
    const answer = changes.length === 0 ? SAME : fieldPhrase(changes, 'b');
    answers.set(answer, [...(answers.get(answer) ?? []), other.cell]);
  }
  return [...answers]
    .filter(([, cells]) => cells.length > 0)
    .toSorted(([a, x], [b, y]) => Number(b === SAME) - Number(a === SAME) || y.length - x.length)
    .map(([answer, cells]) => ({ answer, cells: byPlatforms(cells) }));
}

const SAME = 'the same';

/** Kernels with the same set of platforms together. */
function byPlatforms(cells: readonly CellRecord['cell'][]): OtherAnswer['cells'] {
  const platformsOf = new Map<string, string[]>();
  for (const { kernel, platform } of cells)
    platformsOf.set(kernel, [...(platformsOf.get(kernel) ?? []), platform]);
  const kernelsOn = new Map<string, string[]>();
  for (const [kernel, platforms] of platformsOf) {
    const key = platforms.join(' ');
    kernelsOn.set(key, [...(kernelsOn.get(key) ?? []), kernel]);
  }
  return [...kernelsOn].map(([key, kernels]) => ({ kernels, platforms: key.split(' ') }));
}
