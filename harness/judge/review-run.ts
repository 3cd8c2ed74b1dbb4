import { readBaselines } from './baseline.js';
import type { CellRecord, RegisterNames } from '../record/cell-record.js';
import { isAnswered, isSameCell, isSameKernel } from '../record/cell-record.js';
import { RUNNING_KERNEL } from '../record/kernel-id.js';
import type { CellVerdicts } from './judge-cell.js';
import { judgeOwn, judgeRun } from './judge-cell.js';
import { judgeElsewhere } from './judge-elsewhere.js';
import type { KnownIssue } from './known-issues.js';
import { isCheckRule, isIssueOfCell, isIssueOfRegister } from './known-issues.js';
import { RULES } from './rules.js';
import type { UnneededIssue } from './unneeded-issues.js';
import { isNeededIn, unneededIssues } from './unneeded-issues.js';

/**
 * The baselines that records are judged by: those of their platforms, which is a few of many.
 * Hardware has none, and no use for those of others.
 */
export async function baselinesOf(
  records: readonly Pick<CellRecord, 'cell'>[],
  names?: RegisterNames,
): Promise<CellRecord[]> {
  const booted = records.filter(({ cell }) => cell.kernel !== RUNNING_KERNEL);
  if (booted.length === 0) return [];
  const platforms = new Set(booted.map(({ cell }) => cell.platform));
  const isWanted = (platform: string): boolean => platforms.has(platform);
  return readBaselines({ isWanted, ...(names === undefined ? {} : { names }) });
}

/**
 * The known issues that a run says no cell needs any more: those of which it asked something.
 * `baselines` are those of `baselinesOf`; those of the other platforms are read only when the need of
 * an issue hangs on them.
 */
export async function unneededByRun(
  records: readonly CellRecord[],
  issues: readonly KnownIssue[],
  baselines: readonly CellRecord[],
): Promise<readonly UnneededIssue[]> {
  const asked = issues.filter((issue) => records.some((record) => isAskedOf(issue, record)));
  // Most issues are needed by a cell of the run itself, which is quickly seen.
  const own = judgeOwn(records, baselines);
  const open = asked.filter((issue) => !isNeededIn(issue, own));
  if (open.length === 0) return [];
  const { unneeded } = unneededIssues(open, judgeAll(records, baselines));
  if (unneeded.length === 0) return [];
  const doubtful = unneeded.map(({ issue }) => issue);
  const known = new Set(baselines.map(({ cell }) => cell.platform));
  const others = await readBaselines({ isWanted: (platform) => !known.has(platform) });
  return unneededIssues(doubtful, judgeAll(records, [...baselines, ...others])).unneeded;
}

function judgeAll(
  records: readonly CellRecord[],
  baselines: readonly CellRecord[],
): readonly CellVerdicts[] {
  // Of a kernel that is another one now, what it answered elsewhere is history.
  const current = baselines.filter((baseline) =>
    records.every(
      (record) => !isSameCell(record, baseline) || isSameKernel(record.kernel, baseline.kernel),
    ),
  );
  return [...judgeRun(records, baselines), ...judgeElsewhere(current)];
}

/** Whether a record is of a cell of an issue, and has an answer to what the issue is about. */
function isAskedOf(issue: KnownIssue, record: CellRecord): boolean {
  if (!isIssueOfCell(issue, record)) return false;
  if (isCheckRule(issue.rule))
    return (RULES[issue.rule].about === 'states' ? record.states : record.hostile) !== undefined;
  return Object.entries(record.registers).some(
    ([register, row]) => isAnswered(row) && isIssueOfRegister(issue, register),
  );
}
