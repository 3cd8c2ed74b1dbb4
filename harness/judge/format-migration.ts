import type { KernelOfRecord } from '../record/kernel-version.js';
import type { KnownIssue } from './known-issues.js';
import { isIssueOfCell, isIssueOfRegister } from './known-issues.js';
import { lossLines, lossText, pairText } from '../record/loss-text.js';
import type { Loss, MigrationAnswer, VmmLoss } from '../record/migration-table.js';
import { RULES } from './rules.js';

/** What a migration's text is made with: the known issues, and the cells that it was between. */
export interface LossContext {
  readonly issues: readonly KnownIssue[];
  readonly cells: readonly KernelOfRecord[];
}

/**
 * What a guest loses, as a person reads it: a line for each register with how it is lost, and below them
 * the known issues that are about them. What is lost in QEMU alone stands apart.
 */
export function formatMigration(answer: MigrationAnswer, context: LossContext): string {
  const { kept, lost } = answer;
  return [
    `${pairText(answer)}: ${lost.length} of ${kept + lost.length} registers ${lost.length === 1 ? 'is' : 'are'} lost`,
    ...lossTexts(lost, context),
  ].join('\n');
}

/** A line for each loss, and the known issues below those that they are about. */
export function lossTexts(lost: readonly VmmLoss[], context: LossContext): string[] {
  const byIssues = new Map<string, { issues: readonly KnownIssue[]; losses: VmmLoss[] }>();
  for (const loss of lost) {
    const issues = issuesOf(loss, context);
    const key = issues.map(({ id }) => id).join();
    const group = byIssues.get(key) ?? { issues, losses: [] };
    byIssues.set(key, { issues, losses: [...group.losses, loss] });
  }
  const groups = [...byIssues.values()];
  const isEmulators = ({ issues }: (typeof groups)[number]): boolean =>
    issues.length > 0 && issues.every(({ cause }) => cause === 'emulator');
  const texts = (some: typeof groups, indent: string): string[] =>
    some.flatMap(({ issues, losses }) => [
      ...lossLines(losses).map((line) => `${indent}${line}`),
      ...issues.map(({ id, what }) => `${indent}  known issue ${id}: ${what}`),
    ]);
  const emulators = texts(groups.filter(isEmulators), '    ');
  return [
    ...texts(
      groups.filter((group) => !isEmulators(group)),
      '  ',
    ),
    ...(emulators.length === 0 ? [] : ['  in QEMU alone:', ...emulators]),
  ];
}

function issuesOf({ register }: VmmLoss, { issues, cells }: LossContext): KnownIssue[] {
  return issues.filter(
    (issue) =>
      isLossRule(issue) &&
      isIssueOfRegister(issue, register) &&
      cells.some((cell) => isIssueOfCell(issue, cell)),
  );
}

/** Whether the rule of an issue says why a migrated guest loses something. */
function isLossRule({ rule }: KnownIssue): boolean {
  const entry = RULES[rule];
  return entry.about === 'registers' && entry.isLoss === true;
}

/** What two answers of one pair differ in, one line a register; none where they are the same. */
export function migrationDeviations(answer: MigrationAnswer, baseline: MigrationAnswer): string[] {
  const texts = (lost: readonly Loss[]): Map<string, string> =>
    new Map(lost.map((loss) => [loss.register, lossText(loss)]));
  const [expected, actual] = [texts(baseline.lost), texts(answer.lost)];
  const registers = [...new Set([...expected.keys(), ...actual.keys()])];
  const named = registers
    .filter((register) => expected.get(register) !== actual.get(register))
    .map((register) => {
      const word = (side: Map<string, string>): string => side.get(register) ?? 'kept';
      return `${register} from ${pairText(answer)}: expected ${word(expected)}, got ${word(actual)} [baseline]`;
    });
  const counts = `${pairText(answer)}: expected ${baseline.kept} registers kept, got ${answer.kept} [baseline]`;
  return named.length === 0 && baseline.kept !== answer.kept ? [counts] : named;
}
