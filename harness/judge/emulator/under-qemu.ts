import semver from 'semver';
import type { SemVer } from 'semver';
import type { CellRecord } from '../../record/cell-record.js';
import { isSameCell } from '../../record/cell-record.js';
import { changedFields } from '../../record/compare-rows.js';
import type { EmulatorDifference, EmulatorSubject } from '../../record/emulator-difference.js';
import { joined, subjectsOf, withDifference } from '../../record/emulator-difference.js';
import { isChecked, isSameCheck } from '../../record/hostile-checks.js';
import { kernelVersion } from '../../record/kernel-version.js';
import type { EmulatorRange } from '../../record/record.generated.js';
import type { Control } from '../../record/transferred-difference.js';
import { transferredDifference } from '../../record/transferred-difference.js';

/** What a record answers that its kernel does not answer for: the emulator does. */
export interface EmulatorsShare {
  /** What the emulator makes other than on record, where the record answers so. */
  readonly subjects: readonly EmulatorSubject[];
  /** The answers on record: the kernel's own baseline, or its control's; undefined without either. */
  readonly reference: CellRecord | undefined;
}

/**
 * How a record's baselines read under the QEMU that the record is of: the one place where verdicts learn
 * of emulators. A baseline that was measured under that version says itself what it answers there; any
 * other follows the record's calibration or, without one, the nearest kernel of its platform that was
 * measured there. Where neither is to be had, it stays as it is. Records of runs stay too.
 */
export function underQemuOf(
  record: CellRecord,
  baselines: readonly CellRecord[],
): (baseline: CellRecord) => CellRecord {
  const control = memo((baseline) => controlFor(record, baseline, baselines));
  return memo((baseline) => {
    if (!isOnRecord(baseline) || baseline.cell.platform !== record.cell.platform) return baseline;
    if (record.calibration === undefined) {
      const range = rangeOf(baseline, record.machine.qemu);
      if (range !== undefined) return onQemuOf(record, underRange(baseline, range));
    }
    const known = control(baseline);
    if (known === undefined) return baseline;
    const actual = isSameCell(baseline, record) ? record : undefined;
    const difference = transferredDifference(known, baseline, actual);
    return onQemuOf(record, withDifference(baseline, difference));
  });
}

/** `baseline`, whose answers are those of the record's QEMU now: states were asked under its own alone. */
function onQemuOf({ machine }: CellRecord, baseline: CellRecord): CellRecord {
  if (baseline.machine.qemu === machine.qemu) return baseline;
  const read = { ...baseline, machine: { ...baseline.machine, qemu: machine.qemu } };
  delete read.deep;
  delete read.states;
  return read;
}

/** A baseline as it reads under the versions of one of its ranges. */
export function underRange(baseline: CellRecord, { differs }: EmulatorRange): CellRecord {
  return differs.length === 0 ? baseline : withDifference(baseline, joined(differs));
}

/** The range of a baseline that a version of QEMU lies in, if it was measured there. */
export function rangeOf(baseline: CellRecord, version: string | null): EmulatorRange | undefined {
  if (version === null || semver.valid(version) === null) return undefined;
  const found = baseline.emulators?.find(
    ({ from, to }) => semver.gte(version, from) && semver.lte(version, to),
  );
  if (found !== undefined || version !== baseline.machine.qemu) return found;
  return { from: version, to: version, differs: [] };
}

/**
 * What of a record is the emulator's: subjects for which the emulator makes the baseline read otherwise
 * and the record answers so. A kernel without a baseline has those of its control.
 */
export function emulatorsShare(
  record: CellRecord,
  baseline: CellRecord | undefined,
  baselines: readonly CellRecord[],
): EmulatorsShare {
  const reference = baseline ?? controlFor(record, record, baselines)?.before;
  if (reference === undefined) return { subjects: [], reference };
  const expected = underQemuOf(record, baselines)(reference);
  const subjects = subjectsOf(changed(reference, expected)).filter((subject) =>
    isAnsweredAs(record, reference, expected, subject),
  );
  return { subjects, reference };
}

/**
 * The kernel that says what an emulator does to another one, `subject`: the control of the record's
 * calibration, else the nearest that was measured under the record's version. It says so from the QEMU of
 * `subject` on, if that is a baseline, else from its own.
 */
function controlFor(
  record: CellRecord,
  subject: CellRecord,
  baselines: readonly CellRecord[],
): Control | undefined {
  const onPlatform = baselines.filter(
    (other) => isOnRecord(other) && other.cell.platform === record.cell.platform,
  );
  const beforeOf = (control: CellRecord): CellRecord | undefined => {
    if (!isOnRecord(subject)) return control;
    const range = rangeOf(control, subject.machine.qemu);
    return range && underRange(control, range);
  };
  const { calibration } = record;
  if (calibration !== undefined) {
    const control = onPlatform.find(({ cell }) => cell.kernel === calibration.control);
    const before = control && beforeOf(control);
    if (control === undefined || before === undefined) return undefined;
    return { before, after: withDifference(control, calibration.differs) };
  }
  const measured = onPlatform.flatMap((control) => {
    const range = rangeOf(control, record.machine.qemu);
    const before = beforeOf(control);
    if (range === undefined || before === undefined) return [];
    return [{ before, after: underRange(control, range) }];
  });
  return nearestKernel(subject, measured);
}

/** Of controls, the one whose kernel is the nearest: the same page size first, then the version. */
function nearestKernel(to: CellRecord, controls: readonly Control[]): Control | undefined {
  const rank = ({ before }: Control): number => kernelDistance(to, before);
  return controls.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** How far two kernels are from each other: page size and byte order weigh more than any version. */
export function kernelDistance(a: CellRecord, b: CellRecord): number {
  const [left, right] = [kernelVersion(a), kernelVersion(b)];
  // After Linux 5.19 came 6.0, and after 6.19 came 7.0.
  const releases = ({ major, minor }: SemVer): number => major * 20 + minor;
  const versions =
    left === undefined || right === undefined ? 1e5 : Math.abs(releases(left) - releases(right));
  const isPackaged = (a.kernel.package === null) === (b.kernel.package === null);
  return (
    versions +
    (a.kernel.byteOrder === b.kernel.byteOrder ? 0 : 4e6) +
    (a.kernel.pageSize === b.kernel.pageSize ? 0 : 2e6) +
    (isPackaged ? 0 : 0.5)
  );
}

/** The subjects of `expected` that are not as in `reference`: whole rows, checks, capabilities. */
function changed(reference: CellRecord, expected: CellRecord): EmulatorDifference {
  const rows = Object.entries(expected.registers).filter(
    ([name, row]) => row !== reference.registers[name],
  );
  const checks = Object.entries(expected.hostile?.checks ?? {}).filter(
    ([name, check]) => check !== (reference.hostile?.checks as Record<string, unknown>)[name],
  );
  const capabilities = Object.entries(expected.kvm.capabilities).filter(
    ([name, value]) => value !== reference.kvm.capabilities[name],
  );
  return {
    registers: Object.fromEntries(rows),
    checks: Object.fromEntries(checks),
    capabilities: Object.fromEntries(capabilities),
  };
}

/** Whether a record has the emulator's answer in every field in which that is not the baseline's. */
function isAnsweredAs(
  record: CellRecord,
  reference: CellRecord,
  expected: CellRecord,
  { kind, name }: EmulatorSubject,
): boolean {
  switch (kind) {
    case 'registers': {
      const [row, before] = [record.registers[name], reference.registers[name]];
      const wanted = expected.registers[name];
      if (row === undefined || before === undefined || wanted === undefined) return false;
      const wrong = new Set(changedFields(wanted, row).map(({ field }) => field));
      return changedFields(before, wanted).every(({ field }) => !wrong.has(field));
    }
    case 'checks': {
      const [check, wanted] = [record.hostile?.checks[name], expected.hostile?.checks[name]];
      return isChecked(check) && isChecked(wanted) && isSameCheck(check, wanted);
    }
    case 'capabilities':
      return record.kvm.capabilities[name] === expected.kvm.capabilities[name];
  }
}

/** Whether it is a baseline: what a run records names the harness. */
function isOnRecord(record: CellRecord): boolean {
  return record.harness === undefined;
}

function memo<T>(work: (baseline: CellRecord) => T): (baseline: CellRecord) => T {
  const known = new Map<CellRecord, T>();
  return (baseline) => {
    if (known.has(baseline)) return known.get(baseline) as T;
    const result = work(baseline);
    known.set(baseline, result);
    return result;
  };
}
