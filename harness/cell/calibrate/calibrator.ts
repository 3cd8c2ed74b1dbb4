import { join } from 'node:path';
import { isInterruption, SprmatrixError } from '../../base/error.js';
import { isMeasuredUnder, readBaselines } from '../../judge/baseline.js';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import type { PreparedKernel } from '../../kernels/prepared-kernel.js';
import { agentForCell } from '../../machine/agent-binary.js';
import type { Platform } from '../../machine/platforms.js';
import type { QemuBinary } from '../../machine/qemu-binary.js';
import { qemuContent } from '../../machine/qemu-content.js';
import type { SnapshotStore } from '../../machine/snapshots/snapshot-store.js';
import { DEFAULT_HOSTILE } from '../../probe/hostile/hostile-plan.js';
import { againCommand } from '../../record/again-command.js';
import { cellName } from '../../record/cell-name.js';
import type { CellRecord } from '../../record/cell-record.js';
import { isSameKernel, registersOf } from '../../record/cell-record.js';
import { differenceOf } from '../../record/emulator-difference.js';
import { HOSTILE_CHECKS } from '../../record/hostile-checks.js';
import type { Calibration } from '../../record/record.generated.js';
import { registerTable } from '../../sync/register-table.js';
import { runCell } from '../run-cell.js';
import { loadKernels } from '../../kernels/known-kernels.js';
import type { Calibrated } from './calibration-text.js';
import { calibrationText } from './calibration-text.js';
import { CalibrationStore } from './calibration-store.js';
import { findControl, speaksFor } from './control-kernels.js';

export interface CalibratorOptions {
  /** The controls' logs lie in its folder `calibration`. */
  readonly outFolder: string;
  readonly prepare: (kernel: KernelEntry) => Promise<PreparedKernel>;
  readonly snapshots?: SnapshotStore | undefined;
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A line for each platform that is calibrated, and those of its machine. */
  readonly onNotice?: ((message: string) => void) | undefined;
  readonly store?: CalibrationStore;
}

/** A cell as far as a calibration depends on it. */
interface CalibratedCell {
  readonly qemu: QemuBinary;
  readonly platform: Platform;
  readonly kernel?: KernelEntry;
}

/**
 * What tells the answers of a QEMU that nobody measured from the kernels': on each platform a kernel whose
 * truth is known is run as a control, and another where that lacks registers of a cell's kernel.
 */
export class Calibrator {
  readonly #options: CalibratorOptions;
  readonly #store: CalibrationStore;
  readonly #running = new Map<string, Promise<Calibrated>>();
  /** What was said already. */
  readonly #said = new Set<string>();

  constructor(options: CalibratorOptions) {
    this.#options = options;
    this.#store = options.store ?? new CalibrationStore();
  }

  /**
   * The calibration that a record of a cell needs: none under a QEMU that was measured on the platform.
   * Errors: those of `calibrate`.
   */
  async calibrationOf(cell: CalibratedCell): Promise<Calibration | undefined> {
    const { qemu, platform } = cell;
    const { isDebians } = await qemuContent(qemu);
    if (isDebians && (await isMeasuredUnder(qemu.version, platform.id))) return undefined;
    return (await this.calibrate(cell)).calibration;
  }

  /**
   * Runs the control of a platform, or reads what it answered earlier, whether or not the QEMU was
   * measured. A control that has not all registers of the cell's kernel says nothing of the others: then the
   * nearest kernel takes its place. Errors: `CALIBRATION_WITHOUT_CONTROL`; `CALIBRATION_FAILED` when the
   * control gave no whole answer; those of `qemuContent` and of its hash.
   */
  async calibrate(cell: CalibratedCell): Promise<Calibrated> {
    const key = `${cell.qemu.path} ${cell.platform.id} ${cell.kernel?.id ?? ''}`;
    const running = this.#running.get(key) ?? this.#calibrate(cell);
    this.#running.set(key, running);
    return running;
  }

  async #calibrate(cell: CalibratedCell): Promise<Calibrated> {
    const { qemu, platform } = cell;
    const content = await qemuContent(qemu);
    const sha256 = await content.sha256();
    const baselines = await readBaselines({ isWanted: (name) => name === platform.id });
    const found = await this.#store.exclusively(
      sha256,
      platform.id,
      async () => {
        const former = await this.#store.read(sha256, platform.id);
        const baseline = former && baselineOf(former, baselines);
        if (former !== undefined && baseline !== undefined) {
          const tested = baselines.find((one) => one.cell.kernel === cell.kernel?.id);
          if (speaksFor(baseline, tested)) return { control: former, baseline };
        }
        return this.#runControl(cell, sha256, baselines);
      },
      this.#options.signal,
    );
    const differs = differenceOf(found.baseline, found.control);
    const calibration = { qemu: sha256, control: found.control.cell.kernel, differs };
    const calibrated = { ...found, calibration };
    const text = calibrationText(qemu, calibrated);
    if (!this.#said.has(text)) this.#options.onNotice?.(text);
    this.#said.add(text);
    return calibrated;
  }

  async #runControl(
    { qemu, platform, kernel: tested }: CalibratedCell,
    sha256: string,
    baselines: readonly CellRecord[],
  ): Promise<Pick<Calibrated, 'control' | 'baseline'>> {
    const { outFolder, prepare, snapshots, mirror, signal, onNotice } = this.#options;
    const { kernels } = await loadKernels({ signal, mirror });
    const { kernel, baseline } = await findControl({
      ...{ platform, qemuVersion: qemu.version, baselines, kernels, nearestTo: tested, prepare },
    });
    onNotice?.(
      `${platform.id}: ${qemu.path} (QEMU ${qemu.version}) was not measured: it is calibrated with ${kernel.id}`,
    );
    const control = await runCell({
      ...{ kernel, platform, qemu, snapshots, signal, onNotice },
      agentPath: agentForCell(
        cellName({ kernel: kernel.id, platform: platform.id }),
        platform,
        kernel,
      ),
      registers: registerTable(),
      hostile: DEFAULT_HOSTILE,
      outFolder: join(outFolder, 'calibration'),
      // `calibrate` chooses the control by itself.
      reproduce: againCommand({
        program: 'npx sprmatrix calibrate',
        cells: [{ kernel: kernel.id, platform: platform.id }],
        kernelOptions: [`--qemu=${qemu.path}`],
      }),
    }).catch((error: unknown) => {
      if (isInterruption(error)) throw error;
      throw failed(qemu, platform, `its control ${kernel.id} gave no answer`, error);
    });
    const dead = HOSTILE_CHECKS.find((name) => control.hostile?.checks[name]?.died !== undefined);
    const isKnownToDie = dead !== undefined && baseline.hostile?.checks[dead]?.died !== undefined;
    if (dead !== undefined && !isKnownToDie) {
      const how = control.hostile?.checks[dead]?.died?.how ?? '';
      throw failed(qemu, platform, `its control ${kernel.id} did not survive ${dead}: ${how}`);
    }
    const [broken] = registersOf(control, 'error');
    if (broken !== undefined) {
      throw failed(qemu, platform, `its control ${kernel.id} has no answer for ${broken}`);
    }
    await this.#store.write(sha256, platform.id, control);
    return { control, baseline };
  }
}

/** The baseline of a control's kernel, if that is still what it was. */
function baselineOf(control: CellRecord, baselines: readonly CellRecord[]): CellRecord | undefined {
  return baselines.find(
    ({ cell, kernel }) =>
      cell.kernel === control.cell.kernel && isSameKernel(kernel, control.kernel),
  );
}

function failed(
  qemu: QemuBinary,
  platform: Platform,
  why: string,
  cause?: unknown,
): SprmatrixError {
  const known = cause instanceof SprmatrixError ? cause : undefined;
  return new SprmatrixError({
    code: 'CALIBRATION_FAILED',
    message: `${platform.id}: ${qemu.path} (QEMU ${qemu.version}) cannot be calibrated: ${why}${known === undefined ? '' : `: ${known.message}`}`,
    ...(known === undefined ? {} : { evidence: known.evidence, logs: known.logs, cause }),
    hint: `${known?.hint ?? 'try again when the machine is quiet'}; --no-calibration judges as if it were the QEMU of the baselines`,
  });
}
