import { resolve } from 'node:path';
import { describeError, ExitCode, SprmatrixError } from '../base/error.js';
import { calibrationText } from '../cell/calibrate/calibration-text.js';
import { Calibrator } from '../cell/calibrate/calibrator.js';
import { kernelPreparer } from '../cell/kernel-preparer.js';
import { isNewEnough } from '../machine/qemu-binary.js';
import { namedQemu } from '../machine/named-qemu.js';
import { loadPlatforms, selectPlatforms } from '../machine/platforms.js';
import { interruptSignal } from './process-end.js';

export interface CalibrateOptions {
  readonly qemu: readonly string[];
  readonly platform: readonly string[];
  readonly mirror?: string | undefined;
  readonly out: string;
}

/**
 * `sprmatrix calibrate`: what a QEMU does otherwise than the one that baselines are of, on each platform,
 * whether or not it was measured. Returns the exit code: 3 when a platform could not be asked. Usage
 * errors: `CALIBRATE_QEMU` when no QEMU is named, `UNKNOWN_PLATFORM`.
 */
export async function calibrateCommand(options: CalibrateOptions): Promise<ExitCode> {
  if (options.qemu.length === 0) {
    throw new SprmatrixError({
      code: 'CALIBRATE_QEMU',
      kind: 'usage',
      message: 'calibrate needs --qemu: the QEMU whose answers are compared with those on record',
      hint: 'e.g. `npx sprmatrix calibrate --qemu=./build/qemu-system-ppc64 --platform=powernv9`',
    });
  }
  const platforms = selectPlatforms(options.platform, loadPlatforms());
  const signal = interruptSignal();
  const prepare = kernelPreparer({ mirror: options.mirror, signal });
  const { mirror } = options;
  const calibrator = new Calibrator({
    ...{ outFolder: resolve(options.out), prepare, mirror, signal },
  });
  let failures = 0;
  for (const path of options.qemu) {
    const qemu = await namedQemu(path);
    for (const platform of platforms) {
      if (platform.unsupported !== undefined || !isNewEnough(qemu, platform.qemu)) {
        console.error(
          `skipped: ${platform.id}: ${platform.unsupported ?? `needs QEMU ${platform.qemu} or newer; ${path} is ${qemu.version}`}`,
        );
        continue;
      }
      try {
        console.log(calibrationText(qemu, await calibrator.calibrate({ qemu, platform })));
      } catch (error) {
        if (signal.aborted) throw error;
        console.error(describeError(error));
        failures += 1;
      }
    }
  }
  return failures > 0 ? ExitCode.harness : ExitCode.ok;
}
