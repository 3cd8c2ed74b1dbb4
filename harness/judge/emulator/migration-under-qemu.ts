import semver from 'semver';
import type { CellRecord } from '../../record/cell-record.js';
import { cellName } from '../../record/cell-name.js';
import type {
  AskedMigration,
  MeasuredMigration,
  MigrationFacts,
  MigrationOutcome,
} from '../../record/migration-answer.js';
import { changedLosses } from '../../record/migration-answer.js';
import type { MigrationTable } from '../../record/migration.generated.js';
import { qemuLine } from '../../record/qemu-line.js';
import type { Calibration } from '../../record/record.generated.js';
import type { EmulatorFacts } from './emulator-reasons.js';
import { isReasonFor } from './emulator-reasons.js';

/** What an answer is compared with. */
export interface ExpectedMigration extends MigrationOutcome {
  /** The registers that a calibration found to be the emulator's: they are not compared. */
  readonly emulators: ReadonlySet<string>;
}

/**
 * What a pair on record comes to under the QEMUs that an answer is of; undefined where that was not
 * measured. Where a calibration was needed at either end, it is what the reference gives, without the
 * registers that the calibration found.
 */
export function expectedMigration(
  { qemus, from, to }: AskedMigration,
  measured: MeasuredMigration,
  calibrations: ReadonlyMap<string, Calibration>,
): ExpectedMigration | undefined {
  const known = [calibrations.get(from.platform), calibrations.get(to.platform)].flatMap(
    (calibration) => calibration ?? [],
  );
  const emulators = new Set(known.flatMap(({ differs }) => Object.keys(differs.registers ?? {})));
  if (known.length > 0) {
    const [reference] = measured.outcomes.values();
    return reference && { ...reference, emulators };
  }
  const outcome = qemus.from === qemus.to ? outcomeUnder(measured, qemus.to) : undefined;
  return outcome && { ...outcome, emulators };
}

/**
 * What a pair comes to under a version: as it was measured there, or under an older and a newer release
 * of the same line that agree.
 */
export function outcomeUnder(
  { outcomes }: MeasuredMigration,
  version: string,
): MigrationOutcome | undefined {
  const exact = outcomes.get(version);
  if (exact !== undefined || semver.valid(version) === null) return exact;
  const ofLine = [...outcomes.keys()]
    .filter((other) => qemuLine(other) === qemuLine(version))
    .sort(semver.compare);
  const [older] = ofLine.filter((other) => semver.lt(other, version)).slice(-1);
  const newer = ofLine.find((other) => semver.gt(other, version));
  if (older === undefined || newer === undefined) return undefined;
  const [before, after] = [outcomes.get(older), outcomes.get(newer)];
  return before && after && isSameOutcome(before, after) ? before : undefined;
}

function isSameOutcome(a: MigrationOutcome, b: MigrationOutcome): boolean {
  return a.kept === b.kept && changedLosses(a, b).length === 0;
}

/** How tables of migrations are written: the reference line, and why a QEMU makes another loss of a register. */
export function migrationFacts(
  baselines: readonly CellRecord[],
  { reference, reasons }: EmulatorFacts,
): MigrationFacts {
  const cells = new Map(baselines.map((baseline) => [cellName(baseline.cell), baseline]));
  return {
    line: reference.line,
    reasonOf: (name, { from, to }, version) => {
      const ends = [from, to].flatMap((cell) => cells.get(cellName(cell)) ?? []);
      return reasons.find((reason) =>
        ends.some((end) => isReasonFor(reason, { kind: 'registers', name }, end, version)),
      )?.id;
    },
  };
}

/** Differences of a table without their reason, or with another than covers them, a line each. */
export function migrationReasonFaults(
  { platform, pairs, differs }: MigrationTable,
  { reasonOf }: MigrationFacts,
): string[] {
  return differs.flatMap(({ qemu, reason, register, pairs: positions }) => {
    const where = `matrix/migration/${platform}.json: ${register} under QEMU ${qemu}`;
    const wrong = positions
      .flatMap((position) => pairs[position] ?? [])
      .filter(({ from, to }) => {
        const ends = { from, to: { kernel: to, platform } };
        return reason === undefined || reasonOf(register, ends, qemu) !== reason;
      });
    const [first] = wrong;
    if (first === undefined) return [];
    const example = `${wrong.length} pairs, the first from ${first.from.kernel} to ${first.to}`;
    return [
      reason === undefined
        ? `${where}: no reason of matrix/emulator.json covers it (${example})`
        : `${where}: reason "${reason}" does not cover it (${example})`,
    ];
  });
}
