import { readBaselines } from './baseline.js';
import type { CellRecord, RegisterNames } from './cell-record.js';
import { RUNNING_KERNEL } from './cell-record.js';
import { judgeRun } from './judge-cell.js';
import type { KnownIssue } from './known-issues.js';
import { isIssueOfCell } from './known-issues.js';
import type { UnneededIssue } from './unneeded-issues.js';
import { unneededIssues } from './unneeded-issues.js';

/**
 * The baselines that records are judged by: those of their platforms, which is a few of many.
 * Hardware has none, and no use for those of others.
 */
export async function baselinesOf(
  records: readonly CellRecord[],
  names?: RegisterNames,
): Promise<CellRecord[]> {
  const booted = records.filter(({ cell }) => cell.kernel !== RUNNING_KERNEL);
  if (booted.length === 0) return [];
  const platforms = [...new Set(booted.map(({ cell }) => cell.platform))];
  return readBaselines({ platforms, ...(names === undefined ? {} : { names }) });
}

/**
 * The known issues of a run's cells that no cell needs any more. `baselines` are those of
 * `baselinesOf`; those of the other platforms are read only when the need of an issue hangs on them.
 */
export async function unneededByRun(
  records: readonly CellRecord[],
  issues: readonly KnownIssue[],
  baselines: readonly CellRecord[],
): Promise<readonly UnneededIssue[]> {
  const ofRun = issues.filter((issue) => records.some((record) => isIssueOfCell(issue, record)));
  const { unneeded } = unneededIssues(ofRun, judgeRun(records, baselines));
  if (unneeded.length === 0) return [];
  const doubtful = unneeded.map(({ issue }) => issue);
  return unneededIssues(doubtful, judgeRun(records, await readBaselines())).unneeded;
}
