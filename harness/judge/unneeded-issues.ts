import { RUNNING_KERNEL } from '../record/kernel-id.js';
import { cellName } from '../record/cell-name.js';
import type { CellVerdicts } from './judge-cell.js';
import { issueVerdicts } from './judge-cell.js';
import type { KnownIssue } from './known-issues.generated.js';
import { isCheckRule, isIssueOfCell, issueSubjects } from './known-issues.js';

/** A known issue that no cell needs any more; it fails the run. */
export interface UnneededIssue {
  readonly issue: KnownIssue;
  readonly message: string;
}

/** What a run says about the known issues themselves. */
export interface IssueReview {
  readonly unneeded: readonly UnneededIssue[];
  /** Issues that this run can say nothing about. */
  readonly notJudged: readonly KnownIssue[];
}

/**
 * Finds the issues that have outlived their reason. `cells` are the verdicts of `judgeRun`: this
 * run's records, and the baselines of the cells that were not run. An issue is needed while one
 * register (or check) of one of its cells breaks its rule; it is unneeded when they keep it. It is not judged
 * when no cell of it is there, when none has anything to be compared with, or when some register
 * of it was not asked, or the emulator had its answer: that one may still need it. Hardware, which may be anything, outlives none.
 */
export function unneededIssues(
  issues: readonly KnownIssue[],
  cells: readonly CellVerdicts[],
): IssueReview {
  const unneeded: UnneededIssue[] = [];
  const notJudged: KnownIssue[] = [];
  for (const issue of issues) {
    if (isNeededIn(issue, cells)) continue;
    const ofIssue = cellsOf(issue, cells);
    const verdicts = ofIssue.flatMap((cell) => issueVerdicts(issue, cell));
    const isOpen = verdicts.includes('not asked') || verdicts.includes('emulator');
    const isJudged = verdicts.includes('kept') && !isOpen;
    if (isJudged) unneeded.push({ issue, message: unneededText(issue, ofIssue) });
    else notJudged.push(issue);
  }
  return { unneeded, notJudged };
}

/** Whether a register (or a check) of one of an issue's cells breaks its rule. */
export function isNeededIn(issue: KnownIssue, cells: readonly CellVerdicts[]): boolean {
  return cellsOf(issue, cells).some((cell) =>
    issueVerdicts(issue, cell).some((verdict) => typeof verdict === 'object'),
  );
}

function cellsOf(issue: KnownIssue, cells: readonly CellVerdicts[]): CellVerdicts[] {
  return cells.filter(
    ({ record }) => record.cell.kernel !== RUNNING_KERNEL && isIssueOfCell(issue, record),
  );
}

function unneededText(issue: KnownIssue, cells: readonly CellVerdicts[]): string {
  const subject = isCheckRule(issue.rule) ? 'check' : 'register';
  const names = [...new Set(cells.map(({ record }) => cellName(record.cell)))].join(', ');
  return (
    `known issue "${issue.id}" is no longer needed: no ${subject} of ${issueSubjects(issue).join(', ')} ` +
    `breaks the rule ${issue.rule} on ${names}; ` +
    `remove it from matrix/known-issues.json, or narrow its kernels`
  );
}
