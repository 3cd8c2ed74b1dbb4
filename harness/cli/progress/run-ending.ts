import { countOf } from '../../base/count.js';
import type { Deviation } from '../../judge/deviation.js';
import type { ExcusedDeviation, KnownIssue } from '../../judge/known-issues.js';
import { issueSubjects } from '../../judge/known-issues.js';
import { countKinds, kindsText } from '../../judge/verdict/verdict-kinds.js';
import { cellName } from '../../record/cell-name.js';
import type { RegisterDifference } from '../../record/diff-records.js';
import { diffRecords } from '../../record/diff-records.js';
import { namesText } from '../../record/loss-text.js';
import { olderOfFamily } from '../../record/kernel-family.js';
import type { TableColumn } from './matrix-table.js';

/** A cell that a run recorded, judged. */
export interface EndedCell extends TableColumn {
  readonly unexcused: readonly Deviation[];
  readonly excused: readonly ExcusedDeviation[];
  /** What a user's own kernel is configured without. */
  readonly configured?: readonly string[];
  readonly hasBaseline: boolean;
  readonly hasDeepBaseline: boolean;
  /** The command that shows the cell again, or one register of it. */
  readonly again: (register: string | undefined) => string;
}

/** How many deviations a terminal lists before it says how many more there are. */
const DEVIATIONS_SHOWN = 20;
/** How many registers a line names that is about what changed. */
const NAMES_SHOWN = 8;

/** What of a run matters least: known issues by id or, verbose, whole; cells that nothing was compared with. */
export function restLines(cells: readonly EndedCell[], isVerbose: boolean): string[] {
  const kinds = cells.flatMap(({ verdicts }) => [...verdicts.values()].map(({ kind }) => kind));
  const asked = kinds.filter((kind) => kind !== 'untested');
  const others = issuesOf(cells).filter(([{ cause }]) => cause !== 'kernel');
  const names = (isIt: (cell: EndedCell) => boolean): string =>
    cells.flatMap((cell) => (isIt(cell) ? [cellName(cell.record.cell)] : [])).join(', ');
  const without = names(({ hasBaseline }) => !hasBaseline);
  const withoutDeep = names(({ hasBaseline, hasDeepBaseline }) => hasBaseline && !hasDeepBaseline);
  return [
    ...(isVerbose ? issuesOf(cells).map(issueLine) : []),
    ...(without === '' ? [] : [`no baseline, judged by the standing rules alone: ${without}`]),
    ...cells.flatMap(({ record, configured = [] }) =>
      configured.length === 0
        ? []
        : [
            `${cellName(record.cell)} is configured without ${namesText(configured)}: not compared with older kernels that have them`,
          ],
    ),
    ...(withoutDeep === ''
      ? []
      : [`no deep answers in the baseline, judged by the standing rules alone: ${withoutDeep}`]),
    `${countOf(asked.length, 'answer')}: ${kindsText(countKinds(asked))}`,
    ...(others.length === 0 || isVerbose
      ? []
      : [
          `${countOf(others.length, 'known issue')} of emulator, configuration and design ${others.length === 1 ? 'excuses' : 'excuse'} what these cells do otherwise (-v lists them)`,
        ]),
  ];
}

/** One line: the bugs of the kernels on these cells; none where there is none. */
export function kernelBugLines(cells: readonly EndedCell[]): string[] {
  const bugs = issuesOf(cells).filter(([{ cause }]) => cause === 'kernel');
  if (bugs.length === 0) return [];
  const texts = bugs.map(([{ id }, where]) => `${id} (${countOf(where.size, 'cell')})`);
  return [`${countOf(bugs.length, 'known kernel bug')} on these cells: ${texts.join(', ')}`];
}

/**
 * What changed between the columns: a line for each kernel and the one before it of its family in the run,
 * over their common platforms.
 */
export function changeLines(cells: readonly EndedCell[], isVerbose: boolean): string[] {
  const records = cells.map(({ record }) => record);
  const pairs = new Map<string, Map<string, Set<string>>>();
  for (const record of records) {
    const older = olderOfFamily(record, records);
    if (older === undefined) continue;
    const pair = `${older.cell.kernel} to ${record.cell.kernel}`;
    const changes = pairs.get(pair) ?? new Map<string, Set<string>>();
    pairs.set(pair, changes);
    for (const difference of diffRecords(older, record).registers) {
      const how = changeText(difference, older.registers, record.registers);
      changes.set(how, new Set([...(changes.get(how) ?? []), difference.register]));
    }
  }
  return [...pairs].map(([pair, changes]) => {
    if (changes.size === 0) return `nothing changed from ${pair}`;
    const texts = [...changes].map(([how, registers]) => `${how} ${named(registers, isVerbose)}`);
    return `changed from ${pair}: ${texts.join('; ')}`;
  });
}

/** The deviations, the command that shows it again below each; the last of a run, and red. */
export function deviationLines(
  cells: readonly EndedCell[],
  unneeded: readonly string[],
  isVerbose: boolean,
): string[] {
  const all = cells.flatMap(({ unexcused, again }) =>
    unexcused.map(({ message, register }) => [message, `  again: ${again(register)}`]),
  );
  const shown = isVerbose ? all : all.slice(0, DEVIATIONS_SHOWN);
  const more = all.length - shown.length;
  return [
    ...(more > 0 ? [`${countOf(more, 'more deviation')} (-v lists them); the first:`] : []),
    ...unneeded,
    ...shown.flat(),
  ];
}

/** Each issue that excuses something, with the cells. */
function issuesOf(cells: readonly EndedCell[]): [KnownIssue, Set<string>][] {
  const found = new Map<KnownIssue, Set<string>>();
  for (const { record, excused } of cells) {
    for (const { issue } of excused) {
      found.set(issue, new Set([...(found.get(issue) ?? []), cellName(record.cell)]));
    }
  }
  return [...found];
}

function issueLine([issue, where]: [KnownIssue, Set<string>]): string {
  const subjects = issueSubjects(issue).join(', ');
  return `known issue ${issue.id} (${issue.cause}; ${subjects}; ${countOf(where.size, 'cell')}): ${issue.what}`;
}

/** "lost to exact", or in which fields the answers differ. */
function changeText(
  { register, changes }: RegisterDifference,
  before: TableColumn['record']['registers'],
  after: TableColumn['record']['registers'],
): string {
  const [a, b] = [before[register]?.support ?? 'no row', after[register]?.support ?? 'no row'];
  return a === b ? changes.map(({ field }) => field).join(' and ') : `${a} to ${b}`;
}

function named(registers: ReadonlySet<string>, isVerbose: boolean): string {
  const names = [...registers];
  if (isVerbose || names.length <= NAMES_SHOWN) return names.join(', ');
  return `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`;
}
