import type { CellRecord } from '../record/cell-record.js';
import { isAnswered } from '../record/cell-record.js';
import type { RegisterFacts } from '../record/register-facts.js';
import type { Deviation } from './deviation.js';
import { explainRow } from './explain-row.js';

/**
 * Whether a user's own kernel lacks a register that older ones have because of how it is configured. An option
 * leaves out all its registers: where another of them answers, it is not the option.
 */
export function isConfiguredWithout(
  { rule, register }: Deviation,
  record: CellRecord,
  facts: RegisterFacts,
): boolean {
  if (rule !== 'monotonic' || register === undefined) return false;
  if (!record.cell.kernel.startsWith('file-')) return false;
  const reasons = explainRow(record, register, { facts, issues: [] });
  return (
    reasons.length > 0 &&
    reasons.every(
      ({ cause, why }) => cause === 'configuration' && isWholeLeftOut(why, record, facts),
    )
  );
}

function isWholeLeftOut(why: string, record: CellRecord, facts: RegisterFacts): boolean {
  return [...facts]
    .filter(([, { byDesign }]) => byDesign.some((explanation) => explanation.why === why))
    .flatMap(([name]) => record.registers[name] ?? [])
    .every((row) => !isAnswered(row) || row.support === 'absent');
}
