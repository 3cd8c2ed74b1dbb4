import { writeFileAtomic } from '../../base/files.js';
import { repositoryPath } from '../../base/paths.js';
import { compileSchema, readDataFile } from '../../data/schema.js';
import { cellName } from '../../record/cell-name.js';
import type { CellTimes } from './cell-times.generated.js';
import type { CellRecord } from '../../record/record.generated.js';

export type { CellTimes };

const defaultPath = (): string => repositoryPath('matrix', 'cell-times.json');

/** A time is noted again when it has changed by this factor: less is noise of the machine. */
const WORTH_NOTING = 2;

/**
 * Milliseconds by cell (`<kernel id>/<platform id>`), of matrix/cell-times.json or another file.
 * Throws `DATA_INVALID` on a broken file.
 */
export function readCellTimes(path: string = defaultPath()): CellTimes {
  return readDataFile(
    path,
    compileSchema<CellTimes>(repositoryPath('matrix/schema/cell-times.schema.json')),
  );
}

/**
 * Notes how long the cells of `records` took, where there is no time yet or where it has changed by
 * a factor of two. Returns the cells that were noted; the file is written when there are any.
 */
export async function noteCellTimes(
  records: readonly CellRecord[],
  path: string = defaultPath(),
): Promise<string[]> {
  const known = readCellTimes(path);
  const noted = records.flatMap((record): [string, number][] => {
    const ms = Object.values(record.timings ?? {}).reduce((sum, phase) => sum + phase, 0);
    const former = known[cellName(record.cell)];
    const isNews =
      former === undefined || ms >= former * WORTH_NOTING || ms <= former / WORTH_NOTING;
    return ms > 0 && isNews ? [[cellName(record.cell), Math.round(ms)]] : [];
  });
  if (noted.length === 0) return [];
  const times = Object.entries({ ...known, ...Object.fromEntries(noted) });
  const sorted = times.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  await writeFileAtomic(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  return noted.map(([cell]) => cell);
}
