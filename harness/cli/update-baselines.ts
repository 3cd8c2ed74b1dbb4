import { writeBaseline } from '../judge/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { noteCellTimes } from '../cell/time/cell-times.js';
import { registerTable } from '../sync/register-table.js';

/** Makes records the baselines of their cells, notes how long these took, and says so. */
export async function updateBaselines(records: readonly CellRecord[]): Promise<void> {
  const names = registerTable().map(({ name }) => name);
  for (const record of records) console.log(`baseline: ${await writeBaseline(record, { names })}`);
  const noted = await noteCellTimes(records);
  if (noted.length > 0) console.log(`matrix/cell-times.json: times of ${noted.join(', ')}`);
}
