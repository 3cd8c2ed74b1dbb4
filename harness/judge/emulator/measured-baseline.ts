import semver from 'semver';
import type { CellRecord } from '../../record/cell-record.js';
import { differenceOf } from '../../record/emulator-difference.js';
import { qemuLine, referenceFirst } from '../../record/qemu-line.js';
import type { EmulatorRange } from '../../record/record.generated.js';
import type { EmulatorFacts } from './emulator-reasons.js';
import { groupedByReason } from './emulator-reasons.js';
import { rangeOf, underRange } from './under-qemu.js';

/**
 * The baseline that records of one cell under several QEMUs give, with what `former`, the baseline that
 * the cell has, says of versions that were not measured now. It is of the reference line where the cell was
 * measured there, and of the oldest version otherwise; of the rest only what differs is kept, each group
 * with its reason. Versions of one line that answer the same become one range.
 */
export function measuredBaseline(
  records: readonly CellRecord[],
  former: CellRecord | undefined,
  { reference: { line }, reasons }: EmulatorFacts,
): CellRecord {
  const answers = new Map<string, CellRecord>();
  for (const [version, answer] of former === undefined ? [] : measuredAnswers(former)) {
    answers.set(version, answer);
  }
  for (const record of records) {
    if (record.machine.qemu !== null) answers.set(record.machine.qemu, record);
  }
  const [chosen] = referenceFirst(answers.keys(), line);
  const reference = (chosen === undefined ? undefined : answers.get(chosen)) ?? records[0];
  if (reference === undefined) throw new Error('a baseline is made of one record at least');
  const ranges: EmulatorRange[] = [];
  for (const [version, record] of [...answers].sort(([a], [b]) => semver.compare(a, b))) {
    const difference = differenceOf(reference, record);
    const range = {
      ...{ from: version, to: version },
      differs: groupedByReason(difference, record, version, reasons),
    };
    const before = ranges.at(-1);
    if (before !== undefined && isOneRange(before, range)) {
      ranges[ranges.length - 1] = { ...before, to: version };
    } else ranges.push(range);
  }
  const machine = { ...reference.machine, qemu: chosen ?? null };
  // One version needs no list: it is the baseline's own.
  const baseline: CellRecord = { ...reference, machine, emulators: ranges };
  if (answers.size <= 1) delete baseline.emulators;
  return baseline;
}

/** What a baseline says of each version that it was measured under. */
function measuredAnswers(baseline: CellRecord): [version: string, answer: CellRecord][] {
  return measuredVersions(baseline).flatMap((version) => {
    const range = rangeOf(baseline, version);
    return range === undefined ? [] : [[version, underRange(baseline, range)]];
  });
}

/** A baseline as a record of each version that it was measured under. */
export function measuredRecords(baseline: CellRecord): CellRecord[] {
  return measuredAnswers(baseline).map(([qemu, answer]) => {
    const record = { ...answer, machine: { ...baseline.machine, qemu } };
    delete record.emulators;
    return record;
  });
}

/** The versions that a baseline was measured under: the ends of its ranges. */
export function measuredVersions({ emulators = [], machine }: CellRecord): string[] {
  const own = machine.qemu === null ? [] : [machine.qemu];
  const ends = emulators.flatMap(({ from, to }) => [from, to]);
  return [...new Set([...own, ...ends])].sort(semver.compare);
}

function isOneRange(a: EmulatorRange, b: EmulatorRange): boolean {
  return (
    qemuLine(a.to) === qemuLine(b.from) && JSON.stringify(a.differs) === JSON.stringify(b.differs)
  );
}
