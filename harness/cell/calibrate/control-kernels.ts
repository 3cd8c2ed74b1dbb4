import { isInterruption, messageOf, SprmatrixError } from '../../base/error.js';
import { kernelDistance, rangeOf } from '../../judge/emulator/under-qemu.js';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import type { PreparedKernel } from '../../kernels/prepared-kernel.js';
import { findObstacle } from '../../machine/obstacles.js';
import type { Platform } from '../../machine/platforms.js';
import type { CellRecord } from '../../record/cell-record.js';
import { compareKernels } from '../../record/kernel-version.js';
import { isSameKernel } from '../../record/cell-record.js';

/** A kernel whose truth is known: the image is the one of a baseline. */
export interface ControlKernel {
  readonly kernel: PreparedKernel;
  readonly entry: KernelEntry;
  readonly baseline: CellRecord;
}

export interface ControlOptions {
  readonly platform: Platform;
  readonly qemuVersion: string;
  /** The platform's. */
  readonly baselines: readonly CellRecord[];
  /** Every kernel that has a name. */
  readonly kernels: readonly KernelEntry[];
  /** The kernel that is tested: its nearest is the best control. */
  readonly nearestTo?: KernelEntry | undefined;
  readonly prepare: (kernel: KernelEntry) => Promise<PreparedKernel>;
}

/**
 * The control of a platform: of Debian's packages that have a baseline there, the nearest to the tested
 * kernel, whose image is still the one on record; the tested kernel itself where it is one of these, even
 * if it is built here. Errors: `CALIBRATION_WITHOUT_CONTROL`, with why each candidate is none.
 */
export async function findControl(options: ControlOptions): Promise<ControlKernel> {
  const { platform, prepare } = options;
  const refused: string[] = [];
  for (const { entry, baseline } of candidates(options)) {
    let kernel: PreparedKernel;
    try {
      kernel = await prepare(entry);
    } catch (error) {
      if (isInterruption(error)) throw error;
      refused.push(`${entry.id}: ${messageOf(error)}`);
      continue;
    }
    if (isSameKernel(kernel, baseline.kernel)) return { kernel, entry, baseline };
    const { package: known } = baseline.kernel;
    refused.push(
      `${entry.id}: its baseline is of ${known?.version ?? 'another image'}, and to be had is ${kernel.package?.version ?? 'another image'}`,
    );
  }
  throw new SprmatrixError({
    code: 'CALIBRATION_WITHOUT_CONTROL',
    message: `no control kernel is to be had for ${platform.id}: nothing says what is this QEMU's there`,
    evidence: refused.length > 0 ? refused : ['no package kernel has a baseline on the platform'],
    hint: '--no-calibration judges as if it were the QEMU of the baselines',
  });
}

/**
 * Whether a control has every register that the tested kernel has: of one that it does not know, its answers
 * say nothing. Of a kernel that has no baseline nobody knows.
 */
export function speaksFor(control: CellRecord, tested: CellRecord | undefined): boolean {
  return Object.entries(tested?.registers ?? {}).every(
    ([name, { support }]) =>
      support === 'absent' ||
      support === 'untested' ||
      control.registers[name]?.support !== 'absent',
  );
}

function candidates({
  platform,
  qemuVersion,
  baselines,
  kernels,
  nearestTo,
}: ControlOptions): { readonly entry: KernelEntry; readonly baseline: CellRecord }[] {
  const tested = baselines.find(({ cell }) => cell.kernel === nearestTo?.id);
  // The newest has the most registers.
  const newest = baselines.toSorted(compareKernels).at(-1);
  const distance = ({ baseline }: { readonly baseline: CellRecord }): number =>
    kernelDistance(tested ?? newest ?? baseline, baseline);
  return kernels
    .flatMap((entry) => {
      const baseline = baselines.find(({ cell }) => cell.kernel === entry.id);
      return baseline === undefined ? [] : [{ entry, baseline }];
    })
    .filter(({ entry }) => entry.id.startsWith('debian-') || entry.id === nearestTo?.id)
    .filter(({ entry }) => findObstacle(platform, entry, qemuVersion) === undefined)
    .filter(({ baseline }) => rangeOf(baseline, baseline.machine.qemu) !== undefined)
    .sort((a, b) => distance(a) - distance(b));
}
