import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { SprmatrixError } from '../base/error.js';
import { writeFileAtomic } from '../base/files.js';
import type { CellRecord, RegisterNames } from './cell-record.js';
import { formatRecord } from './format-record.js';
import { currentKernelId } from './kernel-id.js';
import { parseRecord, recordInvalid, validateRecord } from './parse-record.js';
import { withSharedRows } from './shared-rows.js';

/** Where the record of a cell lies in an output folder. */
export function recordPath(outFolder: string, kernel: string, platform: string): string {
  return join(outFolder, 'records', kernel, `${platform}.json`);
}

/**
 * Writes a record to `<outFolder>/records/<kernel id>/<platform id>.json` and returns the path.
 * The file is there whole or not at all; an older one stays until the new one is complete.
 * Errors: `RECORD_INVALID`, with nothing written; `RECORD_NOT_WRITTEN`.
 */
export async function writeRecord(
  outFolder: string,
  record: CellRecord,
  names?: RegisterNames,
): Promise<string> {
  const { kernel, platform } = record.cell;
  const path = recordPath(outFolder, kernel, platform);
  // First, because the ids become a path: they are data until the schema has accepted them.
  validateRecord(record, path, names);
  await writeRecordFile(path, formatRecord(record, names));
  return path;
}

/** Writes the text of a record. Errors: `RECORD_NOT_WRITTEN` with path and errno. */
export async function writeRecordFile(
  path: string,
  text: string,
  write: (path: string, text: string) => Promise<void> = writeFileAtomic,
): Promise<void> {
  try {
    await write(path, text);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw new SprmatrixError({
      code: 'RECORD_NOT_WRITTEN',
      message: `${path}: record not written: ${errno}${meaningOf(errno)}; nothing half-written is left`,
      hint:
        errno === 'ENOSPC' || errno === 'EDQUOT'
          ? 'make room, or choose another folder with --out'
          : 'choose another folder with --out',
      cause: error,
    });
  }
}

/**
 * Reads one record's file. Errors: `RECORD_INVALID`; `RECORD_NOT_READ` (a usage error) when the
 * file is not there or cannot be read.
 */
export async function readRecord(path: string, names?: RegisterNames): Promise<CellRecord> {
  const record = await readRecordIfThere(path, names);
  if (record === undefined) throw notRead(path, 'ENOENT');
  return record;
}

/** As `readRecord`, and undefined when there is no such file. */
export async function readRecordIfThere(
  path: string,
  names?: RegisterNames,
): Promise<CellRecord | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return undefined;
    throw errno === undefined ? error : notRead(path, errno, error);
  }
  return withCurrentId(parseRecord(text, path, names));
}

/** A record of before builds had their prefix, as if it were made today. */
function withCurrentId(record: CellRecord): CellRecord {
  const kernel = currentKernelId(record.cell.kernel);
  return kernel === record.cell.kernel ? record : { ...record, cell: { ...record.cell, kernel } };
}

/** As many as a platform has baselines: sharing rows takes as long as reading them, and few take no room. */
const SINGLE_RECORDS = 20;

/** A record and the file that it was read from. */
export interface RecordFile {
  readonly path: string;
  readonly record: CellRecord;
}

/**
 * All records of a folder, or those of some platforms, ordered by kernel id and platform id: an
 * output folder, its `records`, or matrix/baseline. Errors: as `readRecord`; `RECORD_INVALID` when a record's cell is not the
 * one that its path says.
 */
export async function readRecordFolder(
  folder: string,
  names?: RegisterNames,
  isWanted: (platform: string) => boolean = () => true,
): Promise<CellRecord[]> {
  return (await readRecordFiles(folder, names, isWanted)).map(({ record }) => record);
}

/** As `readRecordFolder`, each record with its file. */
export async function readRecordFiles(
  folder: string,
  names?: RegisterNames,
  isWanted?: (platform: string) => boolean,
): Promise<RecordFile[]> {
  const records: RecordFile[] = [];
  for await (const { path, record } of eachRecordFile(folder, names, isWanted)) {
    const isOne = records.length < SINGLE_RECORDS;
    records.push({ path, record: isOne ? record : withSharedRows(record) });
  }
  return records;
}

/** As `readRecordFiles`, one at a time: who has found what he looks for reads no further. */
export async function* eachRecordFile(
  folder: string,
  names?: RegisterNames,
  isWanted: (platform: string) => boolean = () => true,
): AsyncGenerator<RecordFile, void, void> {
  const top = await listFolder(folder);
  if (top === undefined) throw notRead(folder, 'ENOENT');
  const isOutFolder = top.some((entry) => entry.isDirectory() && entry.name === 'records');
  const root = isOutFolder ? join(folder, 'records') : folder;
  const kernels = isOutFolder ? ((await listFolder(root)) ?? []) : top;
  for (const { name: kernel } of kernels) {
    for (const { name: file } of (await listFolder(join(root, kernel))) ?? []) {
      if (!file.endsWith('.json')) continue;
      const platform = file.slice(0, -'.json'.length);
      if (!isWanted(platform)) continue;
      const path = join(root, kernel, file);
      const record = await readRecord(path, names);
      checkPlace(record, path, currentKernelId(kernel), platform);
      yield { path, record };
    }
  }
}

/** Throws `RECORD_INVALID` when a record lies where another cell's belongs. */
export function checkPlace(
  record: CellRecord,
  path: string,
  kernel: string,
  platform: string,
): void {
  const { cell } = record;
  const faults = [
    ...(cell.kernel === kernel
      ? []
      : [`cell.kernel: "${cell.kernel}", but the file lies in the folder of "${kernel}"`]),
    ...(cell.platform === platform
      ? []
      : [`cell.platform: "${cell.platform}", but the file is named for "${platform}"`]),
  ];
  if (faults.length > 0) throw recordInvalid(path, faults);
}

/** Whether there is a folder at `path` with anything in it. */
export async function hasEntries(path: string): Promise<boolean> {
  return ((await listFolder(path)) ?? []).length > 0;
}

/** A folder's entries by name, or undefined when it is no folder. */
async function listFolder(path: string): Promise<Dirent[] | undefined> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return undefined;
    throw errno === undefined ? error : notRead(path, errno, error);
  }
}

function notRead(path: string, errno: string, cause?: unknown): SprmatrixError {
  return new SprmatrixError({
    code: 'RECORD_NOT_READ',
    kind: 'usage',
    message: `${path}: no record can be read here: ${errno}${meaningOf(errno)}`,
    cause,
  });
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** ` (no space left on device)`: what an errno name means, when this machine knows it. */
function meaningOf(errno: string): string {
  const number = (constants.errno as Readonly<Record<string, number>>)[errno];
  const meaning = number === undefined ? undefined : getSystemErrorMap().get(-number)?.[1];
  return meaning === undefined ? '' : ` (${meaning})`;
}
