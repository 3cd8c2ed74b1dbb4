import type { CellRecord } from '../record/cell-record.js';
import { cellName } from '../record/cell-record.js';
import type { HostileCheckName } from '../record/hostile-checks.js';
import {
  distinctTexts,
  HOSTILE_CHECKS,
  isChecked,
  isSameCheck,
  isSamePlan,
} from '../record/hostile-checks.js';
import type { Rule } from './known-issues.generated.js';
import type { HostileCheck } from '../record/record.generated.js';
import type { CheckDeviation, Verdict } from './rules.js';

/** The rules about the checks of the hostile probe. */
export type CheckRule = Extract<
  Rule,
  'baseline' | 'hostile-refused' | 'hostile-survived' | 'log-clean'
>;

export type CheckVerdicts = ReadonlyMap<HostileCheckName, Readonly<Record<CheckRule, Verdict>>>;

/**
 * The verdicts on every check: by the baseline on those of `record`, by the standing rules on those
 * of `standing`, which are on record where `record` has none.
 */
export function judgeHostile(
  record: CellRecord,
  standing: CellRecord,
  baseline: CellRecord | undefined,
): CheckVerdicts {
  return new Map(
    HOSTILE_CHECKS.map((name) => {
      const judged = { record: standing, name, check: standing.hostile?.checks[name] };
      return [
        name,
        {
          baseline: judgeByBaseline({ ...judged, record }, baseline),
          'hostile-refused': judgeRefused(judged),
          'hostile-survived': judgeSurvived(judged),
          'log-clean': judgeLog(judged),
        },
      ] as const;
    }),
  );
}

interface JudgedCheck {
  readonly record: CellRecord;
  readonly name: HostileCheckName;
  readonly check: HostileCheck | undefined;
}

/**
 * baseline: the answers are those on record, for the same ids. Of a death hostile-survived speaks, and
 * of one that does not come any more its known issue, which is not needed then.
 */
function judgeByBaseline(judged: JudgedCheck, baseline: CellRecord | undefined): Verdict {
  const { record, name } = judged;
  const check = record.hostile?.checks[name];
  if (record.hostile === undefined || !isChecked(check)) return 'not asked';
  const expected = baseline?.hostile?.checks[name];
  if (baseline?.hostile === undefined || !isChecked(expected)) return 'no comparison';
  if (!isSamePlan(record.hostile, baseline.hostile)) return 'no comparison';
  if (check.died !== undefined || expected.died !== undefined) return 'no comparison';
  if (isSameCheck(check, expected)) return 'kept';
  const [wanted, got] = distinctTexts(expected, check);
  return deviation(judged, 'baseline', { expected: wanted, actual: got });
}

/** hostile-refused: every call has the errno, or the value, that it must have. */
function judgeRefused(judged: JudgedCheck): Verdict {
  const { check } = judged;
  if (!isChecked(check) || check.died !== undefined) return 'not asked';
  if (check.unexpected === undefined) return 'kept';
  const { first, count } = check.unexpected;
  const [{ call, expected, got }] = first;
  return deviation(judged, 'hostile-refused', {
    expected: `${expected} of ${call}`,
    actual: `${got}${count > 1 ? ` (and ${count - 1} more)` : ''}`,
  });
}

/** hostile-survived: the host goes on answering. */
function judgeSurvived(judged: JudgedCheck): Verdict {
  const { check } = judged;
  if (!isChecked(check)) return 'not asked';
  if (check.died === undefined) return 'kept';
  return deviation(judged, 'hostile-survived', {
    expected: 'the host to go on',
    actual: check.died.how,
  });
}

/** log-clean: the kernel has nothing to warn of. */
function judgeLog(judged: JudgedCheck): Verdict {
  const { check, record } = judged;
  const isRead = record.hostile?.logUntested === undefined;
  if (!isChecked(check) || check.died !== undefined || !isRead) return 'not asked';
  if (check.log === undefined) return 'kept';
  const [line, ...more] = check.log;
  return deviation(judged, 'log-clean', {
    expected: 'a clean kernel log',
    actual: `"${line}"${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
  });
}

function deviation(
  { record, name }: JudgedCheck,
  rule: CheckRule,
  { expected, actual }: { readonly expected: string; readonly actual: string },
): CheckDeviation {
  const { ids, seed } = record.hostile ?? { ids: 0, seed: 0 };
  return {
    check: name,
    rule,
    expected,
    actual,
    message: `hostile ${name} on ${cellName(record)}: expected ${expected}, got ${actual} (--hostile=${ids}:${seed}) [${rule}]`,
  };
}
