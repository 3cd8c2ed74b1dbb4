import { joined } from '../../record/emulator-difference.js';
import type { Calibration } from '../../record/record.generated.js';
import { Calibrator } from '../calibrate/calibrator.js';
import type { CalibratorOptions } from '../calibrate/calibrator.js';
import type { PlannedCell } from '../cell.js';
import { kernelPreparer } from '../kernel-preparer.js';

/**
 * The calibrations that the platforms of cells need, by platform: those of QEMUs that nobody measured there.
 * Errors: those of `Calibrator.calibrationOf`.
 */
export async function calibrationsOf(
  cells: readonly PlannedCell[],
  options: Omit<CalibratorOptions, 'prepare' | 'store'>,
): Promise<Map<string, Calibration>> {
  const { mirror, signal } = options;
  const calibrator = new Calibrator({ ...options, prepare: kernelPreparer({ mirror, signal }) });
  const found = new Map<string, Calibration>();
  // One control may have registers that another lacks: what each kernel's control found counts.
  for (const cell of cells) {
    if (cell.obstacle !== undefined || cell.isHardware === true) continue;
    const { id } = cell.platform;
    const calibration = await calibrator.calibrationOf(cell);
    if (calibration === undefined) continue;
    const differs = joined([found.get(id)?.differs ?? {}, calibration.differs]);
    found.set(id, { ...calibration, differs });
  }
  return found;
}
