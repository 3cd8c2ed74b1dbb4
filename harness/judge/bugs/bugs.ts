import { repositoryPath } from '../../base/paths.js';
import { compileSchema, readDataFile } from '../../data/schema.js';
import type { KnownIssue } from '../known-issues.generated.js';
import type { BugEntry, BugList } from './bugs.generated.js';

export type { BugEntry };

let entries: readonly BugEntry[] | undefined;

/** matrix/bugs.json: what is known of each bug of the kernel by its root cause. Throws `DATA_INVALID` on a broken file. */
export function bugEntries(): readonly BugEntry[] {
  entries ??= readDataFile(
    repositoryPath('matrix', 'bugs.json'),
    compileSchema<BugList>(repositoryPath('matrix', 'schema', 'bugs.schema.json')),
  ).bugs;
  return entries;
}

/** The bug that a known issue is a symptom of; undefined for what is no bug of the kernel. */
export function bugOf({
  id,
  bug,
  cause,
}: Pick<KnownIssue, 'id' | 'bug' | 'cause'>): string | undefined {
  return cause === 'kernel' ? (bug ?? id) : undefined;
}

/** What does not fit together, a line each: a bug without its known issue, an issue without its bug. */
export function bugFaults(bugs: readonly BugEntry[], issues: readonly KnownIssue[]): string[] {
  const known = new Set(bugs.map(({ id }) => id));
  const [named, all] = [
    new Set(issues.map(bugOf)),
    new Map(issues.map((issue) => [issue.id, issue])),
  ];
  return [
    ...bugs
      .filter(({ id }, index) => bugs.findIndex((bug) => bug.id === id) !== index)
      .map(({ id }) => `matrix/bugs.json: "${id}" is given more than once`),
    ...bugs
      .filter(({ id }) => !named.has(id) || all.get(id)?.cause !== 'kernel')
      .map(({ id }) => `matrix/bugs.json: no known issue of the kernel has the id "${id}"`),
    ...issues.flatMap((issue) => {
      const bug = bugOf(issue);
      if (bug === undefined) {
        return issue.bug === undefined
          ? []
          : [`issue "${issue.id}": it is no bug of the kernel and names one`];
      }
      return known.has(bug) ? [] : [`issue "${issue.id}": matrix/bugs.json has no "${bug}"`];
    }),
  ];
}
