import type { KtapTest } from '../harness/base/ktap.js';
import { ktapText, parentOf } from '../harness/base/ktap.js';
import type { Feed, FeedAnswer, FeedCell } from './feed.js';
import {
  testRecordAgain,
  answersOf,
  cellNameOf,
  deviationTextsOf,
  issuesOf,
} from './feed-names.js';

/**
 * KTAP, version 1, as the kernel's own test runners print it: a test for each cell, a subtest for each of
 * its groups of registers, and one below that for each register. A deviation is `not ok`; what a known issue
 * excuses is XFAIL with the issue's id, what was not asked is SKIP, and what the harness failed at is ERROR.
 * Hostile checks that deviate are a group of their own. Control characters become spaces, `#` becomes `\#`.
 */
export function writeKtap(feed: Feed): string {
  return ktapText(feed.cells.map((cell, index) => cellTest(feed, cell, index)));
}

function cellTest(feed: Feed, cell: FeedCell, index: number): KtapTest {
  const groups = new Map<string, KtapTest[]>();
  for (const { register, answer } of answersOf(feed, cell)) {
    const { name = '', group = '' } = feed.registers[register] ?? {};
    const messages = deviationTextsOf(feed, index, register);
    const again = messages.length === 0 ? [] : [`again: ${testRecordAgain(feed, cell, name)}`];
    const test = { name, ...resultOf(feed, answer, [...messages, ...again]) };
    groups.set(group, [...(groups.get(group) ?? []), test]);
  }
  const checks = feed.deviations.flatMap(({ check, message, ...found }) =>
    found.cell === index && check !== undefined
      ? [{ name: check, isOk: false, diagnostics: [message] }]
      : [],
  );
  if (checks.length > 0) groups.set('hostile calls', checks);
  return parentOf(
    cellNameOf(feed, cell),
    [...groups].map(([name, tests]) => parentOf(name, tests)),
  );
}

function resultOf(
  feed: Feed,
  answer: FeedAnswer,
  diagnostics: readonly string[],
): Omit<KtapTest, 'name'> {
  if (answer.support === 'error') {
    return { isOk: false, directive: `ERROR ${answer.note ?? 'the harness failed'}` };
  }
  if (diagnostics.length > 0) return { isOk: false, diagnostics };
  if (answer.support === 'untested') return { isOk: true, directive: 'SKIP not asked' };
  const issues = issuesOf(feed, answer);
  return issues.length > 0
    ? { isOk: true, directive: `XFAIL ${issues.map(({ id }) => id).join(' ')}` }
    : { isOk: true };
}
