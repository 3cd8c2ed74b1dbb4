import { lossLines, lossText, pairText } from '../record/loss-text.js';
import type {
  Loss,
  MigrationAnswer,
  MigrationOutcome,
  VmmLoss,
} from '../record/migration-answer.js';
import type { LossCause } from './verdict/loss-counts.js';
import { countLosses } from './verdict/loss-counts.js';
import type { JudgedLoss, LossContext } from './verdict/migration-outcome.js';
import { judgeLosses, outcomeText } from './verdict/migration-outcome.js';
import { VERDICTS, worstOf } from './verdict/verdict-kinds.js';

/** Losses that the same issues explain. */
interface LossGroup {
  readonly cause: LossCause;
  readonly issues: JudgedLoss['issues'];
  readonly losses: VmmLoss[];
}

/**
 * What a guest loses, as a person reads it: whose the losses are, then a line for each register with how it
 * is lost, and below them the known issues that are about them. What is lost in QEMU alone comes last.
 */
export function formatMigration(answer: MigrationAnswer, context: LossContext): string {
  const judged = judgeLosses(answer.lost, context);
  return [
    outcomeText(answer, countLosses(judged.map(({ cause }) => cause))),
    ...lossTexts(judged),
  ].join('\n');
}

/** A line for each loss under whose it is, and the known issues below those that they are about. */
export function lossTexts(judged: readonly JudgedLoss[]): string[] {
  const groups = groupLosses(judged);
  const causes = [...new Set(groups.map(({ cause }) => cause))].sort((a, b) =>
    worstOf([a, b]) === a ? -1 : 1,
  );
  return causes.flatMap((cause) => [
    `  ${cause === 'emulator' ? 'in QEMU alone' : VERDICTS[cause].name}:`,
    ...groups.filter((group) => group.cause === cause).flatMap(groupLines),
  ]);
}

/** Losses that one set of issues explains together, in the order of their first members. */
function groupLosses(judged: readonly JudgedLoss[]): LossGroup[] {
  const groups = new Map<string, LossGroup>();
  for (const { loss, cause, issues } of judged) {
    const key = [cause, ...issues.map(({ id }) => id)].join();
    const group = groups.get(key) ?? { cause, issues, losses: [] };
    group.losses.push(loss);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function groupLines({ issues, losses }: LossGroup): string[] {
  return [
    ...lossLines(losses).map((line) => `    ${line}`),
    ...issues.map(({ id, what }) => `      known issue ${id}: ${what}`),
  ];
}

/** What an answer has otherwise than was expected of it. */
export interface MigrationDeviation {
  /** Undefined where only the number of kept registers is another one. */
  readonly register?: string;
  readonly text: string;
}

/** What an answer differs in from what its pair is expected to come to; none where they are the same. */
export function migrationDeviations(
  answer: MigrationAnswer,
  baseline: MigrationOutcome,
): MigrationDeviation[] {
  const texts = (lost: readonly Loss[]): Map<string, string> =>
    new Map(lost.map((loss) => [loss.register, lossText(loss)]));
  const [expected, actual] = [texts(baseline.lost), texts(answer.lost)];
  const registers = [...new Set([...expected.keys(), ...actual.keys()])];
  const named = registers
    .filter((register) => expected.get(register) !== actual.get(register))
    .map((register) => {
      const word = (side: Map<string, string>): string => side.get(register) ?? 'kept';
      const text = `${register} from ${pairText(answer)}: expected ${word(expected)}, got ${word(actual)} [baseline]`;
      return { register, text };
    });
  const counts = `${pairText(answer)}: expected ${baseline.kept} registers kept, got ${answer.kept} [baseline]`;
  return named.length === 0 && baseline.kept !== answer.kept ? [{ text: counts }] : named;
}
