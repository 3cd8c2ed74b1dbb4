import { join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { repositoryPath } from '../base/paths.js';
import type { CellRecord, RegisterNames } from '../record/cell-record.js';
import { cellName, fillUntested, registersOf, untestedRegisters } from '../record/cell-record.js';
import { formatRecord } from '../record/format-record.js';
import { validateRecord } from '../record/parse-record.js';
import {
  checkPlace,
  hasEntries,
  readRecordFolder,
  readRecordIfThere,
  writeRecordFile,
} from '../record/record-files.js';

export interface BaselineOptions {
  /** The folder of all baselines; the default is the repository's matrix/baseline. */
  readonly folder?: string;
  /** What every baseline must have a row of. */
  readonly names?: RegisterNames;
}

const defaultFolder = (): string => repositoryPath('matrix', 'baseline');

/** Where the baseline of a cell lies. */
function baselinePath(kernel: string, platform: string, folder: string = defaultFolder()): string {
  return join(folder, kernel, `${platform}.json`);
}

/** The part of a record that is the same in every run: all but `harness` and `timings`. */
export function toBaseline(record: CellRecord): CellRecord {
  const { format, cell, kernel, machine, kvm, hostile, registers } = record;
  return {
    ...{ format, cell, kernel, machine, kvm },
    ...(hostile === undefined ? {} : { hostile }),
    registers,
  };
}

/**
 * Makes `record` the baseline of its cell and returns the path. Rows that were not asked keep the
 * baseline they have, if that is of the same kernel image and machine.
 * Errors: `BASELINE_INCOMPLETE` when rows are missing or the harness failed for some;
 * `RECORD_INVALID`; `RECORD_NOT_WRITTEN`.
 */
export async function writeBaseline(
  record: CellRecord,
  { folder = defaultFolder(), names }: BaselineOptions = {},
): Promise<string> {
  const { kernel, platform } = record.cell;
  const path = baselinePath(kernel, platform, folder);
  validateRecord(record, path, names);
  const isPartial = untestedRegisters(record).length > 0;
  const former = isPartial ? await readRecordIfThere(path) : undefined;
  const baseline = toBaseline(
    former !== undefined && isOfSameSetUp(record, former) ? fillUntested(record, former) : record,
  );
  checkComplete(baseline, former !== undefined);
  await writeRecordFile(path, formatRecord(baseline, names));
  return path;
}

/** The baseline of a cell, or undefined when it has none. Errors: those of `readRecord`. */
export async function readBaseline(
  kernel: string,
  platform: string,
  { folder = defaultFolder(), names }: BaselineOptions = {},
): Promise<CellRecord | undefined> {
  const path = baselinePath(kernel, platform, folder);
  const record = await readRecordIfThere(path, names);
  if (record !== undefined) checkPlace(record, path, kernel, platform);
  return record;
}

/**
 * Every baseline, or those of some platforms; none when there is no folder of them yet. Errors: those
 * of `readRecord`.
 */
export async function readBaselines({
  folder = defaultFolder(),
  names,
  isWanted,
}: BaselineOptions & { readonly isWanted?: (platform: string) => boolean } = {}): Promise<
  CellRecord[]
> {
  return (await hasEntries(folder)) ? readRecordFolder(folder, names, isWanted) : [];
}

function isOfSameSetUp(a: CellRecord, b: CellRecord): boolean {
  return (
    a.kernel.sha256 === b.kernel.sha256 &&
    a.kvm.flavour === b.kvm.flavour &&
    JSON.stringify(Object.entries(a.machine).sort()) ===
      JSON.stringify(Object.entries(b.machine).sort())
  );
}

function checkComplete(baseline: CellRecord, hasFormer: boolean): void {
  const untested = untestedRegisters(baseline);
  const failed = registersOf(baseline, 'error');
  const missing = untested.length > 0 ? untested : failed;
  const [first] = missing;
  if (first === undefined) return;
  const total = Object.keys(baseline.registers).length;
  const what = untested.length > 0 ? 'were not asked' : 'ended in an error of the harness';
  throw new SprmatrixError({
    code: 'BASELINE_INCOMPLETE',
    kind: untested.length > 0 ? 'usage' : 'harness',
    message: `${cellName(baseline)}: no baseline of it: ${missing.length} of ${total} registers ${what} (${first}${missing.length > 1 ? ' ...' : ''})`,
    hint:
      untested.length > 0
        ? `run it without --register${hasFormer ? ': the baseline there is of another kernel image or machine' : ''}`
        : 'see the notes of these rows in the record',
  });
}
