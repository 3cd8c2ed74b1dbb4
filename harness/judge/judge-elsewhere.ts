import type { CellRecord } from '../record/cell-record.js';
import { underRange } from './emulator/under-qemu.js';
import type { CellVerdicts } from './judge-cell.js';
import { judgeRecord } from './judge-cell.js';

/**
 * Verdicts of what baselines answer under the other QEMUs that they were measured under, each judged by the
 * standing rules alone: a flaw of a kernel that shows only there (a path that a newer processor does not
 * take) is no less the kernel's.
 */
export function judgeElsewhere(baselines: readonly CellRecord[]): CellVerdicts[] {
  return baselines.flatMap((baseline) =>
    (baseline.emulators ?? [])
      .filter(({ differs }) => differs.length > 0)
      .map((range) => {
        const machine = { ...baseline.machine, qemu: range.to };
        const record: CellRecord = { ...underRange(baseline, range), machine };
        delete record.emulators;
        return judgeRecord(record, {});
      }),
  );
}
