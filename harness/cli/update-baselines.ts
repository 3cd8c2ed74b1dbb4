import { writeBaseline } from '../judge/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import { noteCellTimes } from '../cell/time/cell-times.js';
import { registerTable } from '../sync/register-table.js';

/**
 * Makes records, those of one cell each under another QEMU, the baselines of their cells, notes how long
 * these took, and says so.
 */
export async function updateBaselines(records: readonly CellRecord[]): Promise<void> {
  const names = registerTable().map(({ name }) => name);
  const cells = new Map<string, [CellRecord, ...CellRecord[]]>();
  for (const record of records) {
    const known = cells.get(cellName(record.cell));
    if (known === undefined) cells.set(cellName(record.cell), [record]);
    else known.push(record);
  }
  for (const ofCell of cells.values())
    console.log(`baseline: ${await writeBaseline(ofCell, { names })}`);
  const noted = await noteCellTimes(records);
  if (noted.length > 0) console.log(`matrix/cell-times.json: times of ${noted.join(', ')}`);
}
