import type { CellRecord } from '../harness/record/cell-record.js';
import { isSameCell } from '../harness/record/cell-record.js';
import { bugsOf } from '../harness/judge/bugs/bug-status.js';
import type { BugEntry } from '../harness/judge/bugs/bugs.js';
import type { CellVerdicts } from '../harness/judge/judge-cell.js';
import { deviationsOf, judgeRecord } from '../harness/judge/judge-cell.js';
import type { ExcusedDeviation, KnownIssue } from '../harness/judge/known-issues.js';
import { applyKnownIssues } from '../harness/judge/known-issues.js';
import type { Feed, FeedBug, FeedDeviation, FeedEvidence } from './feed.generated.js';

/** What cells are judged by. */
interface JudgeInput {
  readonly baselines: readonly CellRecord[];
  readonly issues: readonly KnownIssue[];
  /** What is known of the bugs that issues are symptoms of; none by default. */
  readonly bugs?: readonly BugEntry[];
}

/** Judges every record by its baseline and the standing rules, as `npm test` does; in their order. */
export function judgeShown(
  records: readonly CellRecord[],
  { baselines }: JudgeInput,
): CellVerdicts[] {
  const isRecorded = (record: CellRecord): boolean =>
    !baselines.some((baseline) => isSameCell(baseline, record));
  const older = [...baselines, ...records.filter(isRecorded)];
  return records.map((record) => {
    const baseline = baselines.find((candidate) => isSameCell(candidate, record));
    return judgeRecord(record, { baseline, baselines, older });
  });
}

/**
 * What judged cells show: the known issues with the cells that show them, and the deviations that no issue
 * excuses, and the bugs that the issues are symptoms of. Numbers are indexes into `cells` and into `names`, the names of the feed's registers.
 */
export function findingsOf(
  cells: readonly CellVerdicts[],
  names: readonly string[],
  { issues, bugs = [] }: JudgeInput,
): Pick<Feed, 'issues' | 'bugs' | 'deviations'> {
  const judged = cells.map((cell) => applyKnownIssues(deviationsOf(cell), cell.record, issues));
  return {
    issues: issues.map((issue) => ({
      ...issue,
      registers: issue.registers ?? [],
      evidence: judged.flatMap(({ excused }, cell) => evidenceOf(issue, excused, cell, names)),
    })),
    bugs: bugEntriesOf(cells, issues, bugs),
    deviations: judged.flatMap(({ unexcused }, cell) =>
      unexcused.map(
        ({ register, check, rule, expected, actual, since, message }): FeedDeviation => ({
          cell,
          register: register === undefined ? null : names.indexOf(register),
          ...(check === undefined ? {} : { check }),
          ...{ rule, expected, actual, message },
          ...(since === undefined ? {} : { since }),
        }),
      ),
    ),
  };
}

function bugEntriesOf(
  cells: readonly CellVerdicts[],
  issues: readonly KnownIssue[],
  entries: readonly BugEntry[],
): FeedBug[] {
  return bugsOf(cells, issues, entries)
    .filter(({ sightings }) => sightings.length > 0)
    .map(({ id, entry, issues: symptoms, fix, status }): FeedBug => ({
      id,
      title: entry?.title ?? symptoms[0].what,
      ...(entry === undefined
        ? {}
        : {
            severity: entry.severity,
            consequence: entry.consequence,
            hardware: { ...entry.hardware },
            links: entry.links.map((link) => ({ ...link })),
          }),
      issues: symptoms.map((issue) => issues.indexOf(issue)),
      ...(fix === undefined ? {} : { fix }),
      status: { ...status, shown: [...status.shown] },
    }));
}

function evidenceOf(
  issue: KnownIssue,
  excused: readonly ExcusedDeviation[],
  cell: number,
  names: readonly string[],
): FeedEvidence[] {
  const mine = excused.filter((found) => found.issue === issue).map(({ deviation }) => deviation);
  const [first] = mine;
  if (first === undefined) return [];
  const registers = mine.flatMap(({ register }) =>
    register === undefined ? [] : [names.indexOf(register)],
  );
  const { message, difference } = first;
  return [{ cell, registers: [...new Set(registers)], message, difference }];
}
