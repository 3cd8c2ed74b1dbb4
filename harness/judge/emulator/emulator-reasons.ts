import semver from 'semver';
import { repositoryPath } from '../../base/paths.js';
import { compileSchema, readDataFile } from '../../data/schema.js';
import type { EmulatorDifference, EmulatorSubject } from '../../record/emulator-difference.js';
import { partOf, subjectsOf } from '../../record/emulator-difference.js';
import type { KernelOfRecord } from '../../record/kernel-version.js';
import type { EmulatorGroup } from '../../record/record.generated.js';
import { isNameSelected } from '../../base/selectors.js';
import { isCellSelected } from '../cell-selectors.js';
import type { EmulatorFacts, EmulatorReason } from './emulator.generated.js';

export type { EmulatorFacts, EmulatorReason };

const DATA_PATH = repositoryPath('matrix/emulator.json');

let facts: EmulatorFacts | undefined;

/**
 * matrix/emulator.json: the line of QEMU that baselines are of, and why other versions answer otherwise.
 * Throws `DATA_INVALID` on a broken file.
 */
export function emulatorFacts(): EmulatorFacts {
  facts ??= readDataFile(
    DATA_PATH,
    compileSchema<EmulatorFacts>(repositoryPath('matrix/schema/emulator.schema.json')),
  );
  return facts;
}

/** The reason that covers a subject of a cell under a version of QEMU: the first of the file. */
export function reasonFor(
  subject: EmulatorSubject,
  cell: KernelOfRecord,
  version: string,
  reasons: readonly EmulatorReason[],
): EmulatorReason | undefined {
  return reasons.find((reason) => isReasonFor(reason, subject, cell, version));
}

/** Whether a reason covers a subject of a cell under a version of QEMU. */
export function isReasonFor(
  reason: EmulatorReason,
  { kind, name }: EmulatorSubject,
  cell: KernelOfRecord,
  version: string,
): boolean {
  return (
    semver.satisfies(version, reason.qemu) &&
    isCellSelected(reason, cell) &&
    reason[kind]?.some((selector) => isNameSelected(selector, name)) === true
  );
}

/** A difference in groups, each with the reason that covers it; what none covers comes last. */
export function groupedByReason(
  difference: EmulatorDifference,
  cell: KernelOfRecord,
  version: string,
  reasons: readonly EmulatorReason[],
): EmulatorGroup[] {
  const idOf = (subject: EmulatorSubject): string | undefined =>
    reasonFor(subject, cell, version, reasons)?.id;
  const found = new Set(subjectsOf(difference).map(idOf));
  const ids = [...reasons.map(({ id }) => id), undefined].filter((id) => found.has(id));
  return ids.map((id) => ({
    ...(id === undefined ? {} : { reason: id }),
    ...partOf(difference, (subject) => idOf(subject) === id),
  }));
}
