import type { Feed, FeedAnswer, FeedCell } from './feed.js';
import { testAgain, answersOf, cellNameOf, issuesOf } from './feed-names.js';

/** A line of results, with what stands below it. */
interface KtapTest {
  readonly name: string;
  readonly isOk: boolean;
  /** `SKIP`, `XFAIL` or `ERROR` of Documentation/dev-tools/ktap.rst, with its reason. */
  readonly directive?: string | undefined;
  /** Lines for people, printed before the result. */
  readonly diagnostics?: readonly string[];
  readonly subtests?: readonly KtapTest[];
}

/**
 * KTAP, version 1, as the kernel's own test runners print it: a test for each cell, a subtest for each of
 * its groups of registers, and one below that for each register. A deviation is `not ok`; what a known issue
 * excuses is XFAIL with the issue's id, what was not asked is SKIP, and what the harness failed at is ERROR.
 * Hostile checks that deviate are a group of their own. Control characters become spaces, `#` becomes `\#`.
 */
export function writeKtap(feed: Feed): string {
  const cells = feed.cells.map((cell, index) => cellTest(feed, cell, index));
  return `${['KTAP version 1', ...planOf(cells), ...cells.flatMap(linesOf)].join('\n')}\n`;
}

function cellTest(feed: Feed, cell: FeedCell, index: number): KtapTest {
  const groups = new Map<string, KtapTest[]>();
  for (const { register, answer } of answersOf(feed, cell)) {
    const { name = '', group = '' } = feed.registers[register] ?? {};
    const messages = feed.deviations.flatMap((deviation) =>
      deviation.cell === index && deviation.register === register ? [deviation.message] : [],
    );
    const again = messages.length === 0 ? [] : [`again: ${testAgain(feed, cell, name)}`];
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

function parentOf(name: string, subtests: readonly KtapTest[]): KtapTest {
  return { name, isOk: subtests.every(({ isOk }) => isOk), subtests };
}

function planOf(tests: readonly KtapTest[]): string[] {
  return [`1..${tests.length}`];
}

/** A test's lines; those of its subtests stand before its result, two spaces further in. */
function linesOf(
  { name, isOk, directive, diagnostics, subtests }: KtapTest,
  index: number,
): string[] {
  const below =
    subtests === undefined
      ? []
      : [
          'KTAP version 1',
          `# Subtest: ${escaped(name)}`,
          ...planOf(subtests),
          ...subtests.flatMap(linesOf),
        ];
  const comments = (diagnostics ?? []).flatMap((text) =>
    text.split('\n').map((line) => `# ${plain(line)}`),
  );
  const suffix = directive === undefined ? '' : ` # ${escaped(directive)}`;
  return [
    ...below.map((line) => `  ${line}`),
    ...comments,
    `${isOk ? 'ok' : 'not ok'} ${index + 1} ${escaped(name)}${suffix}`,
  ];
}

function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- a kernel's text may hold them
  return text.replace(/[\u0000-\u001f\u007f]/g, ' ');
}

function escaped(text: string): string {
  return plain(text).replaceAll('#', '\\#');
}
