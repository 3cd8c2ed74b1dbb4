import { kernelSelector } from './cell-record.js';
import type { KernelOfRecord } from './kernel-version.js';
import type { KnownIssue } from './known-issues.js';
import { isIssueOfCell, isIssueOfRegister } from './known-issues.js';
import type { Loss, MigrationAnswer } from './migration-table.js';
import type { Rule } from './rules.js';

/** The rules whose known issues say why a migrated guest loses something. */
const RULES: readonly Rule[] = ['migrates', 'put-lost', 'isolated', 'guest-agrees', 'monotonic'];

/** What a migration's text is made with: the known issues, and the cells that it was between. */
export interface LossContext {
  readonly issues: readonly KnownIssue[];
  readonly cells: readonly KernelOfRecord[];
}

/** "debian-6.1 to debian-6.12 on powernv9", or both cells where the platforms differ. */
export function pairText({ from, to }: Pick<MigrationAnswer, 'from' | 'to'>): string {
  return from.platform === to.platform
    ? `${from.kernel} to ${to.kernel} on ${to.platform}`
    : `${from.kernel}/${from.platform} to ${to.kernel}/${to.platform}`;
}

/** The command that tries a migration again. */
export function migrateAgainCommand({ from, to }: Pick<MigrationAnswer, 'from' | 'to'>): string {
  const target = from.platform === to.platform ? [] : [`--to-platform=${to.platform}`];
  return [
    `npx sprmatrix migrate --from=${kernelSelector(from.kernel)} --to=${kernelSelector(to.kernel)}`,
    `--platform=${from.platform}`,
    ...target,
  ].join(' ');
}

/**
 * What a guest loses, as a person reads it: a line for each register with how it is lost, and below them
 * the known issues that are about them. What is lost in QEMU alone stands apart.
 */
export function formatMigration(answer: MigrationAnswer, context: LossContext): string {
  const { kept, lost } = answer;
  const byIssues = new Map<string, { issues: readonly KnownIssue[]; losses: Loss[] }>();
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
    `${pairText(answer)}: ${lost.length} of ${kept + lost.length} registers ${lost.length === 1 ? 'is' : 'are'} lost`,
    ...texts(
      groups.filter((group) => !isEmulators(group)),
      '  ',
    ),
    ...(emulators.length === 0 ? [] : ['  in QEMU alone:', ...emulators]),
  ].join('\n');
}

/** A line for each register; numbered ones of which none is known there have one together. */
function lossLines(losses: readonly Loss[]): string[] {
  const lines: string[] = [];
  let range: { readonly prefix: string; readonly first: number; last: number } | undefined;
  for (const loss of losses) {
    const [, prefix = '', digits] = /^(.*?)(\d+)$/.exec(loss.register) ?? [];
    const isPlain = loss.how === 'unknown' && loss.guest === undefined;
    if (!isPlain || digits === undefined) {
      range = undefined;
      lines.push(`${loss.register}: ${lossText(loss)}`);
      continue;
    }
    const number = Number(digits);
    if (range?.prefix === prefix && range.last + 1 === number) {
      range.last = number;
      const { errno = 'no errno' } = loss;
      const names = `${prefix}${range.first}-${number}`;
      lines[lines.length - 1] = `${names}: unknown ids, the target refuses them with ${errno}`;
    } else {
      range = { prefix, first: number, last: number };
      lines.push(`${loss.register}: ${lossText(loss)}`);
    }
  }
  return lines;
}

/** How a register is lost: "unknown id, the target refuses it with EINVAL; 0x1 was saved". */
export function lossText(loss: Loss): string {
  const { how, errno = 'no errno', saved = 'a value that counts', restored, mask } = loss;
  const guest = guestLossText(loss);
  const both = guest === '' ? '' : `; the guest ${guest}`;
  switch (how) {
    case 'unknown':
      return `unknown id, the target refuses it with ${errno}; ${saved} was saved${both}`;
    case 'refused':
      return `refused value, ${saved}, with ${errno}${both}`;
    case 'masked':
      return restored === undefined
        ? `${saved} was saved and another value is there${both}`
        : `masked bits ${mask ?? ''}, ${saved} became ${restored}${both}`;
    case 'guest':
      return `the guest ${guest}`;
  }
}

function guestLossText({ guest, before = 'a count', after, vector = '' }: Loss): string {
  if (guest === undefined) return '';
  switch (guest) {
    case 'differs':
      return `read ${before} before and reads ${after ?? 'another value'}`;
    case 'traps':
      return `traps to ${vector} when it reads it`;
    case 'not-accessible':
      return 'reads it and the processor ignores that';
    case 'untested':
      return 'stops when it reads it';
  }
}

function issuesOf({ register }: Loss, { issues, cells }: LossContext): KnownIssue[] {
  return issues.filter(
    (issue) =>
      RULES.includes(issue.rule) &&
      isIssueOfRegister(issue, register) &&
      cells.some((cell) => isIssueOfCell(issue, cell)),
  );
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
