import { compareKernels, kernelVersion } from '../../record/kernel-version.js';
import type { Deviation } from '../deviation.js';
import type { CellVerdicts } from '../judge-cell.js';
import { issueVerdicts } from '../judge-cell.js';
import type { KnownIssue } from '../known-issues.generated.js';
import { isCheckRule, isIssueOfCell, isIssueOfRegister } from '../known-issues.js';
import type { BugEntry } from './bugs.js';
import { bugOf } from './bugs.js';
import type { BugStatus } from './bug-text.js';

/** A cell that shows a bug, with what came there. */
export interface Sighting {
  readonly cell: CellVerdicts;
  /** The symptom that it shows. */
  readonly issue: KnownIssue;
  readonly deviation: Deviation;
}

/** A bug of the kernel by its root cause: its symptoms, and where they show. */
export interface Bug {
  readonly id: string;
  /** What matrix/bugs.json says; undefined for an issue that has no entry there. */
  readonly entry: BugEntry | undefined;
  /** The symptoms; the first is the one that has the bug's id. */
  readonly issues: readonly [KnownIssue, ...KnownIssue[]];
  /** The newest kernel's first. */
  readonly sightings: readonly Sighting[];
  /** The commit that ended it. */
  readonly fix: string | undefined;
  readonly status: BugStatus;
}

/**
 * The bugs of the kernel that known issues are symptoms of, in the order of the issues, with where judged
 * cells (`judgeOwn`) show them. Lines are compared on the platforms that show a bug at all: a line in which
 * nothing was asked there says nothing, and one that does not have the register has no bug in it yet.
 */
export function bugsOf(
  cells: readonly CellVerdicts[],
  issues: readonly KnownIssue[],
  entries: readonly BugEntry[],
): Bug[] {
  const byBug = new Map<string, KnownIssue[]>();
  for (const issue of issues) {
    const id = bugOf(issue);
    if (id !== undefined) byBug.set(id, [...(byBug.get(id) ?? []), issue]);
  }
  const lines = linesOf(cells);
  return [...byBug].flatMap(([id, mine]) => {
    const [first, ...rest] = mine.toSorted((a, b) => Number(b.id === id) - Number(a.id === id));
    if (first === undefined) return [];
    const sightings = sightingsOf(mine, cells);
    return {
      id,
      entry: entries.find((entry) => entry.id === id),
      issues: [first, ...rest] as const,
      sightings,
      fix: mine.find(({ fix }) => fix !== undefined)?.fix,
      status: statusOf(mine, sightings, lines),
    };
  });
}

function sightingsOf(issues: readonly KnownIssue[], cells: readonly CellVerdicts[]): Sighting[] {
  return issues
    .flatMap((issue) =>
      cells
        .filter(({ record }) => isIssueOfCell(issue, record))
        .flatMap((cell) =>
          issueVerdicts(issue, cell).flatMap((deviation) =>
            typeof deviation === 'object' ? [{ cell, issue, deviation }] : [],
          ),
        ),
    )
    .sort((a, b) => compareKernels(b.cell.record, a.cell.record));
}

/** Cells by the line of their kernel, the oldest line first; those without a version are left out. */
function linesOf(cells: readonly CellVerdicts[]): Map<string, CellVerdicts[]> {
  const lines = new Map<string, CellVerdicts[]>();
  for (const cell of cells.toSorted((a, b) => compareKernels(a.record, b.record))) {
    const version = kernelVersion(cell.record);
    if (version === undefined) continue;
    const line = `${version.major}.${version.minor}`;
    lines.set(line, [...(lines.get(line) ?? []), cell]);
  }
  return lines;
}

function statusOf(
  issues: readonly KnownIssue[],
  sightings: readonly Sighting[],
  lines: ReadonlyMap<string, readonly CellVerdicts[]>,
): BugStatus {
  const seen = new Set(sightings.map(({ cell }) => cell));
  const platforms = new Set(sightings.map(({ cell }) => cell.record.cell.platform));
  const states = [...lines].map(([line, cells]) => {
    if (cells.some((cell) => seen.has(cell))) return { line, state: 'shown' } as const;
    const here = cells.filter(({ record }) => platforms.has(record.cell.platform));
    const isClean = here.some((cell) => issues.some((issue) => isWithout(issue, cell)));
    return { line, state: isClean ? 'clean' : 'unknown' } as const;
  });
  const isShown = ({ state }: (typeof states)[number]): boolean => state === 'shown';
  const [first, last] = [states.findIndex(isShown), states.findLastIndex(isShown)];
  const newest = states.at(-1)?.line ?? null;
  const goneSince = states.slice(last + 1).find(({ state }) => state === 'clean')?.line;
  const notIn = states
    .slice(0, Math.max(first, 0))
    .findLast(({ state }) => state === 'clean')?.line;
  return {
    newest,
    isPresent: last >= 0 && states[last]?.line === newest,
    shown: states.filter(isShown).map(({ line }) => line),
    ...(last < 0 || goneSince === undefined ? {} : { goneSince }),
    ...(notIn === undefined ? {} : { notIn }),
  };
}

/** Whether a cell was asked for what an issue is about and does not show it, or does not have it yet. */
function isWithout(issue: KnownIssue, cell: CellVerdicts): boolean {
  if (isCheckRule(issue.rule)) return issueVerdicts(issue, cell).includes('kept');
  return [...cell.verdicts].some(
    ([register, verdicts]) =>
      isIssueOfRegister(issue, register) &&
      (verdicts[issue.rule] === 'kept' || cell.record.registers[register]?.support === 'absent'),
  );
}
