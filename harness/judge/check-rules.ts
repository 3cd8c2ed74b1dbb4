import type { CellRecord } from '../record/cell-record.js';
import { distinctTexts, isChecked, isSameCheck, isSamePlan } from '../record/hostile-checks.js';
import type { JudgedCheck, Verdict } from './deviation.js';
import { checkDeviation } from './deviation.js';

/**
 * baseline: the answers are those on record, for the same ids. Of a death hostile-survived speaks, and
 * of one that does not come any more its known issue, which is not needed then.
 */
export function judgeCheckByBaseline(
  judged: JudgedCheck,
  baseline: CellRecord | undefined,
): Verdict {
  const { record, name } = judged;
  const check = record.hostile?.checks[name];
  if (record.hostile === undefined || !isChecked(check)) return 'not asked';
  const expected = baseline?.hostile?.checks[name];
  if (baseline?.hostile === undefined || !isChecked(expected)) return 'no comparison';
  if (!isSamePlan(record.hostile, baseline.hostile)) return 'no comparison';
  if (check.died !== undefined || expected.died !== undefined) return 'no comparison';
  if (isSameCheck(check, expected)) return 'kept';
  const [wanted, got] = distinctTexts(expected, check);
  return checkDeviation(judged, 'baseline', { expected: wanted, actual: got });
}

/** hostile-refused: every call has the errno, or the value, that it must have. */
export function judgeHostileRefused(judged: JudgedCheck): Verdict {
  const { check } = judged;
  if (!isChecked(check) || check.died !== undefined) return 'not asked';
  if (check.unexpected === undefined) return 'kept';
  const { first, count } = check.unexpected;
  const [{ call, expected, got }] = first;
  return checkDeviation(judged, 'hostile-refused', {
    expected: `${expected} of ${call}`,
    actual: `${got}${count > 1 ? ` (and ${count - 1} more)` : ''}`,
  });
}

/** hostile-survived: the host goes on answering. */
export function judgeHostileSurvived(judged: JudgedCheck): Verdict {
  const { check } = judged;
  if (!isChecked(check)) return 'not asked';
  if (check.died === undefined) return 'kept';
  return checkDeviation(judged, 'hostile-survived', {
    expected: 'the host to go on',
    actual: check.died.how,
  });
}

/** log-clean: the kernel has nothing to warn of. */
export function judgeLogClean(judged: JudgedCheck): Verdict {
  const { check, record } = judged;
  const isRead = record.hostile?.logUntested === undefined;
  if (!isChecked(check) || check.died !== undefined || !isRead) return 'not asked';
  if (check.log === undefined) return 'kept';
  const [line, ...more] = check.log;
  return checkDeviation(judged, 'log-clean', {
    expected: 'a clean kernel log',
    actual: `"${line}"${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
  });
}
