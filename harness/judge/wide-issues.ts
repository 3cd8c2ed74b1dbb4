import type { CellRecord } from '../record/cell-record.js';
import type { Verdict } from './deviation.js';
import { measuredRecords } from './emulator/measured-baseline.js';
import type { CellVerdicts } from './judge-cell.js';
import { issueVerdicts, judgeOwn } from './judge-cell.js';
import type { KnownIssue } from './known-issues.generated.js';
import {
  isCheckRule,
  isIssueOfCell,
  isIssueOfCheck,
  isIssueOfRegister,
  issueSubjects,
} from './known-issues.js';
import { RULES } from './rules.js';
import { isNeededIn } from './unneeded-issues.js';

/** What an issue may be too wide in. */
type Dimension = 'kernel' | 'platform' | 'register' | 'check';
const DIMENSIONS: readonly Dimension[] = ['kernel', 'platform', 'register', 'check'];

/** Whether an issue shows somewhere, and whether it could show elsewhere than where it does not. */
interface Seen {
  isShown: boolean;
  isOpen: boolean;
}

/**
 * Known issues that excuse more than what shows them, a line each: a kernel, a platform, a register or a check
 * that an issue names, of which every baseline keeps its rule. `cells` are those of `measuredCells`. What
 * has not the register at all, or was not asked, says nothing. A loss against an older kernel shows where
 * it begins alone: of `monotonic` the registers are judged.
 */
export function wideIssues(
  issues: readonly KnownIssue[],
  cells: readonly CellVerdicts[],
): readonly string[] {
  return issues.flatMap((issue) => {
    const seen = seenOf(issue, cells);
    const dimensions = issue.rule === 'monotonic' ? (['register'] as const) : DIMENSIONS;
    return dimensions.flatMap((dimension) => {
      const names = [...seen[dimension]]
        .filter(([, { isShown, isOpen }]) => !isShown && !isOpen)
        .map(([name]) => name);
      return names.length === 0 ? [] : [wideText(issue, dimension, names)];
    });
  });
}

/**
 * Known issues that nothing on record shows, a line each: they would excuse the first kernel that breaks the
 * rule. Baselines have no states (`--deep`), so that of those nothing is said.
 */
export function unshownIssues(
  issues: readonly KnownIssue[],
  cells: readonly CellVerdicts[],
): readonly string[] {
  return issues
    .filter(({ rule }) => RULES[rule].about !== 'states')
    .filter((issue) => !isNeededIn(issue, cells) && !isOfEmulator(issue, cells))
    .map(
      ({ id, rule }) =>
        `known issue "${id}" is shown by nothing on record: no baseline of its cells breaks the rule ${rule}`,
    );
}

/** The verdicts on every baseline, as it reads under each QEMU that it was measured under. */
export function measuredCells(baselines: readonly CellRecord[]): CellVerdicts[] {
  return baselines.flatMap(measuredRecords).flatMap((record) => judgeOwn([record], baselines));
}

/** Whether some QEMU alone shows it. */
function isOfEmulator(issue: KnownIssue, cells: readonly CellVerdicts[]): boolean {
  return cells
    .filter(({ record }) => isIssueOfCell(issue, record))
    .some((cell) => issueVerdicts(issue, cell).includes('emulator'));
}

function seenOf(
  issue: KnownIssue,
  cells: readonly CellVerdicts[],
): Record<Dimension, Map<string, Seen>> {
  const seen: Record<Dimension, Map<string, Seen>> = {
    ...{ kernel: new Map(), platform: new Map() },
    ...{ register: new Map(), check: new Map() },
  };
  for (const cell of cells.filter(({ record }) => isIssueOfCell(issue, record))) {
    const byName = isCheckRule(issue.rule)
      ? [['', issueVerdicts(issue, cell)] as const]
      : registerVerdicts(issue, cell);
    const all = byName.flatMap(([, verdicts]) => verdicts);
    note(seen.kernel, cell.record.cell.kernel, all);
    note(seen.platform, cell.record.cell.platform, all);
    for (const [name, verdicts] of checkVerdicts(issue, cell)) note(seen.check, name, verdicts);
    if (isCheckRule(issue.rule)) continue;
    for (const [name, verdicts] of byName) note(seen.register, name, verdicts);
  }
  return seen;
}

/** Of the hostile checks: items of states are not on record. */
function checkVerdicts(
  issue: KnownIssue,
  { checks }: CellVerdicts,
): (readonly [name: string, verdicts: readonly Verdict[]])[] {
  if (RULES[issue.rule].about !== 'checks') return [];
  return [...checks]
    .filter(([name]) => isIssueOfCheck(issue, name))
    .map(([name, byRule]) => [name, [byRule[issue.rule] ?? 'not asked']] as const);
}

function registerVerdicts(
  issue: KnownIssue,
  { record, verdicts }: CellVerdicts,
): (readonly [name: string, verdicts: readonly Verdict[]])[] {
  return [...verdicts]
    .filter(([name]) => isIssueOfRegister(issue, name))
    .filter(([name]) => record.registers[name]?.support !== 'absent')
    .map(([name, byRule]) => [name, [byRule[issue.rule] ?? 'not asked']] as const);
}

function note(seen: Map<string, Seen>, name: string, verdicts: readonly Verdict[]): void {
  const isShown = verdicts.some((verdict) => typeof verdict === 'object');
  const isOpen = verdicts.some((verdict) => verdict === 'not asked' || verdict === 'emulator');
  if (!isShown && !isOpen && !verdicts.includes('kept')) return;
  const before = seen.get(name) ?? { isShown: false, isOpen: false };
  seen.set(name, { isShown: before.isShown || isShown, isOpen: before.isOpen || isOpen });
}

function wideText(issue: KnownIssue, dimension: Dimension, names: readonly string[]): string {
  const plural = names.length === 1 ? dimension : `${dimension}s`;
  return (
    `known issue "${issue.id}" is wider than what shows it: nothing of the ${plural} ${names.join(', ')} ` +
    `breaks the rule ${issue.rule} (${issueSubjects(issue).join(', ')}); ` +
    `narrow its ${dimension}s in matrix/known-issues.json`
  );
}
