import { join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { repositoryPath } from '../base/paths.js';
import { sealed } from '../data/seal.js';
import type { CellRecord, RegisterNames } from '../record/cell-record.js';
import { emulatorFacts } from './emulator/emulator-reasons.js';
import { measuredBaseline } from './emulator/measured-baseline.js';
import { rangeOf, underRange } from './emulator/under-qemu.js';
import {
  fillUntested,
  isSameKernel,
  registersOf,
  untestedRegisters,
} from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import { formatRecord } from '../record/format-record.js';
import { validateRecord } from '../record/parse-record.js';
import {
  checkPlace,
  eachRecordFile,
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

/** The part of a record that is the same in every run: all but `harness`, `timings` and `calibration`. */
export function toBaseline(record: CellRecord): CellRecord {
  const { format, cell, kernel, machine, kvm, hostile, emulators, deep, states, registers } =
    record;
  return {
    ...{ format, cell, kernel, machine, kvm },
    ...(hostile === undefined ? {} : { hostile }),
    ...(emulators === undefined ? {} : { emulators }),
    ...(deep === undefined ? {} : { deep }),
    ...(states === undefined ? {} : { states }),
    registers,
  };
}

/**
 * Makes records of one cell, each under another QEMU, its baseline (`measuredBaseline`) and returns the
 * path. What the baseline that is there says of other QEMUs stays, if it is of the same kernel image and
 * machine; so do rows that were not asked, as they are on record for the record's QEMU.
 * Errors: `BASELINE_INCOMPLETE` when rows are missing or the harness failed for some;
 * `BASELINE_CALIBRATED` for a record under a QEMU whose version nobody can name again;
 * `RECORD_INVALID`; `RECORD_NOT_WRITTEN`.
 */
export async function writeBaseline(
  records: CellRecord | readonly [CellRecord, ...CellRecord[]],
  { folder = defaultFolder(), names }: BaselineOptions = {},
): Promise<string> {
  const all = 'cell' in records ? ([records] as const) : records;
  const { kernel, platform } = all[0].cell;
  const path = baselinePath(kernel, platform, folder);
  for (const record of all) validateRecord(record, path, names);
  for (const record of all) refuseCalibrated(record);
  const there = await readFormer(path);
  const former = there && isOfSameSetUp(all[0], there) ? there : undefined;
  const whole = all.map((record) => {
    const range = former && rangeOf(former, record.machine.qemu);
    const filled =
      range === undefined || former === undefined
        ? record
        : fillUntested(record, underRange(former, range));
    checkComplete(filled, there !== undefined);
    return filled;
  });
  const baseline = toBaseline(measuredBaseline(whole, former, emulatorFacts()));
  await writeRecordFile(path, sealed(formatRecord(baseline, names)));
  return path;
}

/** The baseline that is replaced; one that cannot be read is no hindrance. */
async function readFormer(path: string): Promise<CellRecord | undefined> {
  return readRecordIfThere(path).catch((error: unknown) => {
    if (error instanceof SprmatrixError && error.code === 'RECORD_INVALID') return undefined;
    throw error;
  });
}

function refuseCalibrated(record: CellRecord): void {
  if (record.calibration === undefined) return;
  throw new SprmatrixError({
    code: 'BASELINE_CALIBRATED',
    kind: 'usage',
    message: `${cellName(record.cell)}: no baseline of it: its QEMU ${record.machine.qemu ?? ''} is a build that only this machine has`,
    hint: "take a distribution's QEMU (`npm run setup -- --newer-qemu` fetches Debian's)",
  });
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

/**
 * Whether any baseline of a platform was measured under a version of QEMU; they are read until one was. Errors:
 * those of `readRecord`.
 */
export async function isMeasuredUnder(
  version: string,
  platform: string,
  { folder = defaultFolder() }: BaselineOptions = {},
): Promise<boolean> {
  if (!(await hasEntries(folder))) return false;
  for await (const { record } of eachRecordFile(folder, undefined, (name) => name === platform)) {
    if (rangeOf(record, version) !== undefined) return true;
  }
  return false;
}

function isOfSameSetUp(a: CellRecord, b: CellRecord): boolean {
  return (
    isSameKernel(a.kernel, b.kernel) &&
    a.kvm.flavour === b.kvm.flavour &&
    a.machine.machine === b.machine.machine &&
    a.machine.cpu === b.machine.cpu
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
    message: `${cellName(baseline.cell)}: no baseline of it: ${missing.length} of ${total} registers ${what} (${first}${missing.length > 1 ? ' ...' : ''})`,
    hint:
      untested.length > 0
        ? `run it without --register${hasFormer ? ': the baseline there is of another kernel image or machine' : ''}`
        : 'see the notes of these rows in the record',
  });
}
