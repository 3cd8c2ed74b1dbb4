import type { CellRecord } from '../../record/cell-record.js';
import type { ExplainContext } from '../explain-row.js';
import type { CellJudgement } from '../judge-cell.js';
import { judgeCell, judgeOwn } from '../judge-cell.js';
import type { RowVerdict } from './row-verdict.js';
import { rowVerdicts } from './row-verdict.js';

/** A cell's verdict, and what each of its registers comes to. */
export interface JudgedRegisters {
  readonly judgement: CellJudgement;
  readonly verdicts: ReadonlyMap<string, RowVerdict>;
}

/**
 * Judges a record of a run (`judgeCell`) and each of its registers (`rowVerdicts`). One that a user's own kernel
 * is configured without is no deviation, and no unexplained register either.
 */
export async function judgeRegisters(
  record: CellRecord,
  baselines: readonly CellRecord[],
  context: ExplainContext,
): Promise<JudgedRegisters> {
  const judgement = await judgeCell(record, { ...context, baselines });
  const own = judgeOwn([record], baselines).map((cell) => {
    const verdicts = new Map(cell.verdicts);
    for (const name of judgement.configured) {
      verdicts.set(name, { ...verdicts.get(name), monotonic: 'no comparison' });
    }
    return rowVerdicts({ ...cell, verdicts }, context);
  });
  return { judgement, verdicts: own[0] ?? new Map<string, RowVerdict>() };
}
