import { emulatorFacts, reasonFor } from '../../judge/emulator/emulator-reasons.js';
import type { QemuBinary } from '../../machine/qemu-binary.js';
import { diffRecords } from '../../record/diff-records.js';
import { subjectsOf } from '../../record/emulator-difference.js';
import type { CellRecord } from '../../record/cell-record.js';
import type { Calibration } from '../../record/record.generated.js';

/** What a control answered under a QEMU, next to its baseline. */
export interface Calibrated {
  readonly calibration: Calibration;
  readonly control: CellRecord;
  readonly baseline: CellRecord;
}

/**
 * What a QEMU does otherwise on a platform, in words: a line on the whole, then a sentence for each
 * register, hostile check and capability, with the reason where an older QEMU is known to do the same.
 */
export function calibrationText(qemu: QemuBinary, calibrated: Calibrated): string {
  const { control, baseline, calibration } = calibrated;
  const names = { a: `QEMU ${baseline.machine.qemu ?? ''}`, b: `QEMU ${qemu.version}` };
  const { registers, checks } = diffRecords(baseline, control, names);
  const subjects = subjectsOf(calibration.differs);
  const capabilities = Object.entries(calibration.differs.capabilities ?? {}).map(
    ([name, value]) =>
      `${name}: ${baseline.kvm.capabilities[name] ?? 0} in ${names.a}, ${value} in ${names.b}`,
  );
  const { platform, kernel } = control.cell;
  const head = `${platform}: ${qemu.path} (QEMU ${qemu.version}) ${
    subjects.length === 0
      ? `answers as ${names.a}`
      : `answers otherwise than ${names.a} in ${subjects.map(({ name }) => name).join(', ')}; that is the emulator's, not the kernel's`
  } (control: ${kernel})`;
  const { reasons } = emulatorFacts();
  const found = subjects.flatMap(
    (subject) => reasonFor(subject, control, qemu.version, reasons) ?? [],
  );
  return [
    head,
    ...[...registers, ...checks].map(({ sentence }) => `  ${sentence}`),
    ...capabilities.map((sentence) => `  ${sentence}`),
    ...[...new Set(found)].map(({ what, source }) => `  known: ${what} (${source})`),
  ].join('\n');
}
