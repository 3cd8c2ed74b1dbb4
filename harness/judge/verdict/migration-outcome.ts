import type { KernelOfRecord } from '../../record/kernel-version.js';
import { pairText } from '../../record/loss-text.js';
import type { MigrationAnswer, VmmLoss } from '../../record/migration-answer.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { isCellSelected } from '../cell-selectors.js';
import type { KnownIssue } from '../known-issues.generated.js';
import { isIssueOfCell, isIssueOfRegister } from '../known-issues.js';
import { RULES } from '../rules.js';
import type { LossCause, LossCounts } from './loss-counts.js';
import { lossCountsText } from './loss-counts.js';
import { worstOf } from './verdict-kinds.js';

/** What losses are judged by. */
export interface LossContext {
  readonly issues: readonly KnownIssue[];
  readonly facts: RegisterFacts;
  /** What is known of the two cells; an end that nobody knows is judged by what else there is. */
  readonly from?: KernelOfRecord | undefined;
  readonly to?: KernelOfRecord | undefined;
}

/** A register that a migrated guest loses, with whose that is and the known issues that say so. */
export interface JudgedLoss<L extends VmmLoss = VmmLoss> {
  readonly loss: L;
  readonly cause: LossCause;
  readonly issues: readonly KnownIssue[];
}

/**
 * Whose each loss of a migration is. A known issue of either end that speaks of the register says it, the
 * worst cause first; of an id that the target does not know, only one of the target, or that the target was
 * built without it. An unknown id that nothing explains is the target kernel's, which is older or newer than
 * the source; any other loss that nothing explains is `unexplained`, and so is what a VMM does not put.
 */
export function judgeLosses<L extends VmmLoss>(
  lost: readonly L[],
  context: LossContext,
): JudgedLoss<L>[] {
  return lost.map((loss) => {
    const issues = lossIssues(loss, context);
    return { loss, issues, cause: causeOf(loss, issues, context) };
  });
}

/** One line for a migration: between what, and `lossCountsText`. */
export function outcomeText(answer: MigrationAnswer, counts: LossCounts): string {
  const total = counts.kernel + counts.configuration + counts.emulator + counts.design;
  const all = answer.kept + total;
  return total === 0
    ? `${pairText(answer)}: nothing of ${all} registers is lost`
    : `${pairText(answer)}: ${total} of ${all} registers ${total === 1 ? 'is' : 'are'} lost: ${lossCountsText(counts)}`;
}

function lossIssues({ register, how }: VmmLoss, { issues, from, to }: LossContext): KnownIssue[] {
  const ends = how === 'unknown' ? [to] : [from, to];
  return issues.filter(
    (issue) =>
      isLossRule(issue) &&
      isIssueOfRegister(issue, register) &&
      ends.some((cell) => cell !== undefined && isIssueOfCell(issue, cell)),
  );
}

function causeOf(
  { register, how }: VmmLoss,
  issues: readonly KnownIssue[],
  { facts, to }: LossContext,
): LossCause {
  if (issues.length > 0) return worstOf(issues.map(({ cause }) => cause)) as LossCause;
  if (how !== 'unknown') return 'unexplained';
  const isLeftOut = (facts.get(register)?.byDesign ?? []).some(
    (explanation) =>
      explanation.support === 'absent' &&
      explanation.cause === 'configuration' &&
      (to === undefined || isCellSelected(explanation, to)),
  );
  return isLeftOut ? 'configuration' : 'kernel';
}

/** Whether the rule of an issue says why a migrated guest loses something. */
function isLossRule({ rule }: KnownIssue): boolean {
  const entry = RULES[rule];
  return entry.about === 'registers' && entry.isLoss === true;
}
