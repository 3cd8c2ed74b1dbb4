import { cellName } from '../record/cell-name.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../base/error.js';
import { kernelsOnRecord } from './kernels-on-record.js';
import { unknownName } from '../base/nearest.js';
import { readBaselines } from '../judge/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { diffFolders } from '../record/diff-records.js';
import { formatFolderDiff, isSameAnswers } from '../record/format-diff.js';
import { hasEntries, readRecord, readRecordFolder } from '../record/record-files.js';

export interface DiffOptions {
  readonly json: boolean;
}

/**
 * `sprmatrix diff A B`: each side is a record's file, a folder of records (an output folder, or a
 * folder of kernels), or the id of a kernel that has baselines. Returns the text to print, and 1 as
 * the exit code when any register differs.
 */
export async function diffCommand(
  a: string,
  b: string,
  options: DiffOptions,
): Promise<{ text: string; exitCode: ExitCode }> {
  const [left, right] = await Promise.all([readSide(a), readSide(b)]);
  const names = a === b ? undefined : { a, b };
  const difference = diffFolders(left, right, namesNeeded(left, right) ? names : undefined);
  return {
    text: options.json
      ? JSON.stringify(difference, null, 2)
      : formatFolderDiff(difference, { a, b }),
    exitCode: isSameAnswers(difference) ? ExitCode.ok : ExitCode.deviation,
  };
}

async function readSide(side: string): Promise<readonly CellRecord[]> {
  const kind = await kindOf(side);
  if (kind === 'file') return [await readRecord(side)];
  if (kind === 'folder') {
    const records = join(side, 'records');
    return readRecordFolder((await hasEntries(records)) ? records : side);
  }
  const baselines = await readBaselines();
  const ids = new Set(kernelsOnRecord(side, baselines));
  if (ids.size > 0) return baselines.filter(({ cell }) => ids.has(cell.kernel));
  const kernels = [...new Set(baselines.map(({ cell }) => cell.kernel))];
  throw unknownName(
    'record, folder or baseline kernel',
    side,
    kernels,
    'a side is a .json record, a folder of records such as out, or a kernel with baselines',
  );
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined; // no such path: it may be a kernel's id
  }
}

/** Two runs of the same cells are named by where they lie, other cells by their own names. */
function namesNeeded(a: readonly CellRecord[], b: readonly CellRecord[]): boolean {
  const cells = new Set(a.map(({ cell }) => cellName(cell)));
  return b.some(({ cell }) => cells.has(cellName(cell)));
}
