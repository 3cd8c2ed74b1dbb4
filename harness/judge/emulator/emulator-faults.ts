import semver from 'semver';
import type { CellRecord } from '../../record/cell-record.js';
import { cellName } from '../../record/cell-name.js';
import type { EmulatorSubject } from '../../record/emulator-difference.js';
import {
  differenceOf,
  joined,
  subjectsOf,
  withDifference,
} from '../../record/emulator-difference.js';
import { isOfLine, linesOf, missingLines, qemuLine } from '../../record/qemu-line.js';
import type { EmulatorRange } from '../../record/record.generated.js';
import type { EmulatorFacts } from './emulator-reasons.js';
import { isReasonFor } from './emulator-reasons.js';
import { measuredVersions } from './measured-baseline.js';

/**
 * What is wrong with what baselines say of other QEMUs, a line each: ranges that overlap, that leave a hole
 * between versions that were measured, or that hold what is the same in the baseline; a baseline that is
 * not of the reference line though it was measured there; a difference without a reason, one that its
 * reason does not cover, and a reason that no baseline needs.
 */
export function emulatorFaults(baselines: readonly CellRecord[], facts: EmulatorFacts): string[] {
  const used = new Set<string>();
  const faults = baselines.flatMap((baseline) => [
    ...rangeFaults(baseline),
    ...lineFaults(baseline, baselines),
    ...referenceFaults(baseline, facts),
    ...(baseline.emulators ?? []).flatMap((range) => [
      ...contentFaults(baseline, range),
      ...reasonFaults(baseline, range, facts, used),
    ]),
  ]);
  const unneeded = facts.reasons
    .filter(({ id }) => !used.has(id))
    .map(({ id }) => `matrix/emulator.json: reason "${id}": no baseline needs it`);
  return [...faults, ...unneeded];
}

const rangeText = ({ from, to }: EmulatorRange): string =>
  from === to ? `QEMU ${from}` : `QEMU ${from} to ${to}`;

function rangeFaults(baseline: CellRecord): string[] {
  const { emulators = [], machine } = baseline;
  const name = cellName(baseline.cell);
  const sorted = emulators.toSorted((a, b) => semver.compare(a.from, b.from));
  const own = sorted.filter((range) => machine.qemu !== null && isWithin(machine.qemu, range));
  return [
    ...sorted
      .filter(({ from, to }) => semver.gt(from, to) || qemuLine(from) !== qemuLine(to))
      .map((range) => `${name}: ${rangeText(range)}: it is no range of one release line`),
    ...(emulators.length > 0 && own.length === 0
      ? [`${name}: no range holds the baseline's own QEMU ${machine.qemu ?? 'none'}`]
      : []),
    ...own
      .filter(({ differs }) => differs.length > 0)
      .map(
        (range) => `${name}: ${rangeText(range)}: it is the baseline's own, and differs from it`,
      ),
    ...sorted.slice(1).flatMap((range, index) => {
      const before = sorted[index];
      if (before === undefined) return [];
      if (semver.lte(range.from, before.to)) {
        return [`${name}: ${rangeText(before)} and ${rangeText(range)} overlap`];
      }
      const isHole =
        qemuLine(before.to) === qemuLine(range.from) &&
        semver.patch(range.from) > semver.patch(before.to) + 1;
      return isHole
        ? [
            `${name}: between QEMU ${before.to} and ${range.from} is a hole: they answer differently, and no version between them was measured`,
          ]
        : [];
    }),
  ];
}

function isWithin(version: string, { from, to }: EmulatorRange): boolean {
  return semver.gte(version, from) && semver.lte(version, to);
}

/** A release line between two that a cell was measured under, and under which its platform was. */
function lineFaults(baseline: CellRecord, baselines: readonly CellRecord[]): string[] {
  const mine = linesOf(measuredVersions(baseline));
  const [first, last] = [mine[0], mine.at(-1)];
  if (first === undefined || last === undefined) return [];
  const others = baselines.filter(({ cell }) => cell.platform === baseline.cell.platform);
  const lines = linesOf(others.flatMap(measuredVersions));
  return missingLines(mine, lines).map(
    (line) =>
      `${cellName(baseline.cell)}: between QEMU ${first} and ${last} is a hole: other kernels on ${baseline.cell.platform} were measured under ${line}`,
  );
}

function referenceFaults(baseline: CellRecord, { reference: { line } }: EmulatorFacts): string[] {
  const { qemu } = baseline.machine;
  const wanted = measuredVersions(baseline).find((version) => isOfLine(version, line));
  if (wanted === undefined || qemu === null || isOfLine(qemu, line)) return [];
  return [
    `${cellName(baseline.cell)}: it is of QEMU ${qemu}, but was measured under ${wanted} of the reference line ${line}`,
  ];
}

/** Rows, checks and capabilities of a range that are the baseline's, or that stand there twice. */
function contentFaults(baseline: CellRecord, range: EmulatorRange): string[] {
  const where = `${cellName(baseline.cell)}: ${rangeText(range)}`;
  const all = range.differs.flatMap(subjectsOf).map(subjectText);
  const stored = joined(range.differs);
  const different = new Set(
    subjectsOf(differenceOf(baseline, withDifference(baseline, stored))).map(subjectText),
  );
  return [
    ...subjectsOf(stored)
      .map(subjectText)
      .filter((text) => !different.has(text))
      .map((text) => `${where}: ${text} is as in the baseline`),
    ...[...new Set(all.filter((text, index) => all.indexOf(text) !== index))].map(
      (text) => `${where}: ${text} stands there more than once`,
    ),
  ];
}

function reasonFaults(
  baseline: CellRecord,
  range: EmulatorRange,
  { reasons }: EmulatorFacts,
  used: Set<string>,
): string[] {
  const where = `${cellName(baseline.cell)}: ${rangeText(range)}`;
  return range.differs.flatMap((group) => {
    const names = subjectsOf(group).map(subjectText).join(', ');
    if (group.reason === undefined) {
      return [`${where}: no reason of matrix/emulator.json covers ${names}`];
    }
    const reason = reasons.find(({ id }) => id === group.reason);
    if (reason === undefined) {
      return [`${where}: "${group.reason}" is no reason of matrix/emulator.json`];
    }
    used.add(reason.id);
    return subjectsOf(group)
      .filter((subject) => !isReasonFor(reason, subject, baseline, range.to))
      .map((subject) => `${where}: reason "${reason.id}" does not cover ${subjectText(subject)}`);
  });
}

const KINDS = { registers: 'register', checks: 'hostile', capabilities: 'capability' } as const;

/** "register ACOP", "hostile sizes", "capability KVM_CAP_PPC_HTM". */
function subjectText({ kind, name }: EmulatorSubject): string {
  return `${KINDS[kind]} ${name}`;
}
