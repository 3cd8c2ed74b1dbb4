import { resolve } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { compareDebianVersions } from '../debian/debian-version.js';
import { readBaselines } from '../judge/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { isSameCell } from '../record/cell-record.js';
import { mergeRecords } from '../record/merge-records.js';
import type { RecordFile } from '../record/record-files.js';
import { readRecordFiles, writeRecord } from '../record/record-files.js';
import { registerTable } from '../sync/register-table.js';
import { updateBaselines } from './update-baselines.js';

export interface MergeOptions {
  readonly out: string;
  /** Whether records of cells that have no baseline, or one of an older release of the kernel, become that. */
  readonly addBaselines: boolean;
}

/**
 * `sprmatrix merge`: writes the records of shards' output folders into one output folder, where
 * they are what a run of all cells writes. Nothing is written when two of them contradict each
 * other. Usage errors: `NOTHING_TO_MERGE`, `RECORDS_CONTRADICT`, those of `readRecord`.
 */
export async function mergeCommand(
  folders: readonly string[],
  options: MergeOptions,
): Promise<string> {
  const names = registerTable().map(({ name }) => name);
  const files: RecordFile[] = [];
  for (const folder of folders) files.push(...(await readRecordFiles(folder, names)));
  if (files.length === 0) {
    throw new SprmatrixError({
      code: 'NOTHING_TO_MERGE',
      kind: 'usage',
      message: `there is no record in ${folders.join(', ')}`,
      hint: 'a folder is what `sprmatrix run --out` or `npm test -- --out` wrote to',
    });
  }
  const { records, repeated } = mergeRecords(files);
  const out = resolve(options.out);
  for (const record of records) await writeRecord(out, record, names);
  if (options.addBaselines) {
    const baselines = await readBaselines();
    await updateBaselines(records.filter((record) => isNewerThanBaseline(record, baselines)));
  }
  const kernels = new Set(records.map(({ cell }) => cell.kernel));
  const twice = repeated === 0 ? '' : `, ${repeated} there more than once and equal`;
  return `${records.length} cells of ${kernels.size} kernels from ${folders.length} folders${twice}; records: ${out}/records`;
}

/** Whether no baseline of its cell is of the kernel's release or a newer one. */
export function isNewerThanBaseline(record: CellRecord, baselines: readonly CellRecord[]): boolean {
  const version = record.kernel.package?.version;
  return baselines
    .filter((baseline) => isSameCell(baseline, record))
    .every(({ kernel }) => {
      const known = kernel.package?.version;
      return (
        version !== undefined && known !== undefined && compareDebianVersions(version, known) > 0
      );
    });
}
