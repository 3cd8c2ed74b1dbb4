import type { CellRecord } from '../harness/record/cell-record.js';
import { checkFindings, checkText, HOSTILE_CHECKS } from '../harness/record/hostile-checks.js';
import { worstOf } from '../harness/judge/verdict/verdict-kinds.js';
import type { Feed, FeedIssue, FeedVerdict } from './feed.js';

/** What became of a check of a cell: of hostile calls, or of what has no register. */
export interface CheckOutcome {
  readonly name: string;
  readonly isHostile: boolean;
  readonly kind: FeedVerdict['kind'];
  /** What was answered: "90 EINVAL", "2 EINVAL, 1 ok; 1 unexpected". */
  readonly text: string;
  /** The known issues that it shows. */
  readonly issues: readonly FeedIssue[];
  /** Messages of what no known issue excuses. */
  readonly deviations: readonly string[];
}

/**
 * Every hostile check that a cell was asked, in their order, and after them whatever else deviates and has no
 * register.
 */
export function checkOutcomes(feed: Feed, cell: number): CheckOutcome[] {
  const deviations = feed.deviations.filter((deviation) => deviation.cell === cell);
  const messagesOf = (name: string): string[] =>
    deviations.flatMap(({ check, message }) => (check === name ? [message] : []));
  const asked = hostileOf(feed, cell)?.checks;
  const hostile = HOSTILE_CHECKS.flatMap((name): CheckOutcome[] => {
    const check = asked?.[name];
    if (check === undefined) return [];
    const unexcused = messagesOf(name);
    const isOdd = check.died !== undefined || checkFindings(check).length > 0;
    const issues = isOdd ? issuesOf(feed, cell, name) : [];
    const expected = check.untested === undefined ? 'works' : 'untested';
    const kinds = unexcused.length > 0 ? (['unexplained'] as const) : [];
    const kind = worstOf([...kinds, ...issues.map(({ cause }) => cause), expected]);
    const text = checkText(check);
    return [{ name, isHostile: true, kind, text, issues, deviations: unexcused }];
  });
  const listed = new Set<string>(hostile.map(({ name }) => name));
  const others = new Set(deviations.flatMap(({ check }) => check ?? []));
  return [
    ...hostile,
    ...[...others]
      .filter((name) => !listed.has(name))
      .map((name): CheckOutcome => {
        const unexcused = messagesOf(name);
        const text = unexcused.join('; ');
        const isHostile = HOSTILE_CHECKS.some((known) => known === name);
        return { name, isHostile, kind: 'unexplained', text, issues: [], deviations: unexcused };
      }),
  ];
}

/** A feed's schema leaves the fields of a record open that it does not name. */
function hostileOf(feed: Feed, cell: number): CellRecord['hostile'] {
  return feed.cells[cell]?.hostile as CellRecord['hostile'];
}

function issuesOf(feed: Feed, cell: number, name: string): FeedIssue[] {
  return feed.issues.filter(
    ({ checks, evidence }) =>
      checks?.includes(name) === true && evidence.some((shown) => shown.cell === cell),
  );
}
