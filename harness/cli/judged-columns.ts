import { readKnownIssues } from '../judge/known-issues.js';
import { baselinesOf } from '../judge/review-run.js';
import { judgeRegisters } from '../judge/verdict/judge-registers.js';
import type { CellRecord } from '../record/cell-record.js';
import { readRegisterFacts } from '../record/register-facts.js';
import type { TableColumn } from './progress/matrix-table.js';

/** Records as columns of a table: with what each register comes to. */
export async function judgedColumns(records: readonly CellRecord[]): Promise<TableColumn[]> {
  const [facts, issues, baselines] = await Promise.all([
    readRegisterFacts(),
    readKnownIssues(),
    baselinesOf(records),
  ]);
  return Promise.all(
    records.map(async (record) => {
      const { verdicts } = await judgeRegisters(record, baselines, { facts, issues });
      return { record, verdicts };
    }),
  );
}
