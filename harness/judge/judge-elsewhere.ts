import type { CellRecord } from '../record/cell-record.js';
import { measuredRecords } from './emulator/measured-baseline.js';
import { rangeOf } from './emulator/under-qemu.js';
import type { CellVerdicts } from './judge-cell.js';
import { judgeRecord } from './judge-cell.js';

/**
 * Verdicts of what baselines answer otherwise under the other QEMUs that they were measured under, each
 * judged by the standing rules alone: a flaw of a kernel that shows only there (a path that a newer
 * processor does not take) is no less the kernel's.
 */
export function judgeElsewhere(baselines: readonly CellRecord[]): CellVerdicts[] {
  return baselines
    .flatMap((baseline) =>
      measuredRecords(baseline).filter(({ machine: { qemu } }) => {
        const range = rangeOf(baseline, qemu);
        return range !== undefined && range.differs.length > 0;
      }),
    )
    .map((record) => judgeRecord(record, {}));
}
