import { countOf } from '../../harness/base/count.js';
import type { Aspect, VerdictKind } from '../../harness/judge/verdict/verdict-kinds.js';
import { VERDICT_KINDS, VERDICTS } from '../../harness/judge/verdict/verdict-kinds.js';
import { RULES } from '../../harness/judge/rules.js';
import { countLosses, lossCountsText } from '../../harness/judge/verdict/loss-counts.js';
import { comparedWith } from '../../harness/record/comparable-families.js';
import type { Feed, FeedAnswer, FeedCell, FeedIssue } from '../feed.js';
import { checkOutcomes } from '../feed-checks.js';
import { answersOf, cellNameOf, issuesOf, kernelIdOf, verdictOf } from '../feed-names.js';
import { plain } from './markdown-text.js';

/** More kernels, or platforms of a kernel, than these are counted instead of named. */
const NAMED = 3;

/** What is worth a line of its own: what is neither as it should be nor meant so. */
const LISTED: readonly VerdictKind[] = [
  'error',
  'unexplained',
  'kernel',
  'configuration',
  'emulator',
];

/** A register, or a check, in a cell that differs, with what says why. */
interface Found {
  readonly name: string;
  readonly cell: FeedCell;
  readonly kind: VerdictKind;
  readonly issues: readonly FeedIssue[];
}

/** Registers of which a put succeeds and does nothing, then those that the older kernel answered for. */
export function lostLines(feed: Feed): string[] {
  const lost = everyAnswer(feed).flatMap(({ answer, ...found }) =>
    answer.support === 'lost'
      ? [{ ...found, issues: found.issues.filter(({ cause }) => cause === found.kind) }]
      : [],
  );
  const gone = changeLines(feed, ({ older, newer }) => isThere(older) && isGone(feed, newer));
  return [...foundLines(feed, lost), ...gone.map((line) => `${line}: answered for no more`)];
}

/** Registers that a kernel answers for and the older one that it is compared with did not. */
export function gainedLines(feed: Feed): string[] {
  return changeLines(feed, ({ older, newer }) => isGone(feed, older) && isThere(newer));
}

/** What differs in one aspect, by verdict and known issue, the worst first. */
export function aspectLines(feed: Feed, aspect: Aspect): string[] {
  return foundLines(
    feed,
    everyAnswer(feed).map(({ answer, ...found }) => {
      const kind = verdictOf(feed, answer).aspects[aspect];
      const behind = found.issues.filter(({ cause }) => cause === kind);
      const own = behind.filter(({ rule }) => isAbout(rule, aspect));
      return { ...found, kind, issues: own.length > 0 ? own : behind };
    }),
  );
}

function isAbout(rule: FeedIssue['rule'], aspect: Aspect): boolean {
  const entry = RULES[rule];
  return entry.about === 'registers' && entry.aspect === aspect;
}

/** Hostile checks that are not answered as they should be. */
export function checkLines(feed: Feed): string[] {
  return foundLines(
    feed,
    feed.cells.flatMap((cell, index) =>
      checkOutcomes(feed, index)
        .filter(({ isHostile }) => isHostile)
        .map(({ name, kind, issues }) => ({ name, cell, kind, issues })),
    ),
  );
}

/**
 * What guests lose between the feed's cells, for each platform that they come to: under the first QEMU that
 * each pair was measured under.
 */
export function migrationLines(feed: Feed): string[] {
  const { losses, outcomes, pairs, qemus } = feed.migrations;
  const judged = pairs.map((pair) => {
    const qemu = pair.outcomes.findIndex((outcome) => outcome !== null);
    const lost = outcomes[pair.outcomes[qemu] ?? -1]?.lost ?? [];
    const causes = lost.flatMap((index) => losses[index]?.cause ?? []);
    return { ...pair, qemu: qemus[qemu] ?? '', counts: countLosses(causes) };
  });
  return feed.platforms.flatMap(({ id }, platform) => {
    const here = judged.filter(({ to }) => feed.cells[to]?.platform === platform);
    const [worst] = here.toSorted((a, b) => b.counts.kernel - a.counts.kernel);
    if (worst === undefined) return [];
    const bad = here.filter(({ counts }) => counts.kernel > 0).length;
    const [from, to] = [worst.from, worst.to].map((index) => {
      const cell = feed.cells[index];
      return cell === undefined ? '' : cellNameOf(feed, cell);
    });
    const under = [...new Set(here.map(({ qemu }) => qemu))].join(', ');
    const most = `at most from ${from ?? ''} to ${to ?? ''}: ${lossCountsText(worst.counts)}`;
    return [
      `- to ${plain(id)}, under QEMU ${under}: ${bad} of ${countOf(here.length, 'migration')} lose registers by the kernel${bad === 0 ? '' : `, ${plain(most)}`}`,
    ];
  });
}

function everyAnswer(feed: Feed): (Found & { readonly answer: FeedAnswer })[] {
  return feed.cells.flatMap((cell) =>
    answersOf(feed, cell).map(({ register, answer }) => ({
      ...{ cell, answer, name: feed.registers[register]?.name ?? '' },
      ...{ kind: verdictOf(feed, answer).kind, issues: issuesOf(feed, answer) },
    })),
  );
}

/** A line for each verdict and what says why, with the registers and the cells: "- kernel bug: VSCR on ...". */
function foundLines(feed: Feed, all: readonly Found[]): string[] {
  const groups = new Map<string, [Found, ...Found[]]>();
  for (const found of all) {
    if (!LISTED.includes(found.kind)) continue;
    const key = [found.kind, ...found.issues.map(({ id }) => id)].join(' ');
    const mine = groups.get(key);
    if (mine === undefined) groups.set(key, [found]);
    else mine.push(found);
  }
  const rank = ([{ kind }]: readonly [Found, ...Found[]]): number => VERDICT_KINDS.indexOf(kind);
  return [...groups.values()]
    .sort((a, b) => rank(a) - rank(b))
    .map((group) => {
      const [{ kind, issues }] = group;
      const names = [...new Set(group.map(({ name }) => name))].join(', ');
      const where = cellsText(feed, [...new Set(group.map(({ cell }) => cell))]);
      const why = issues.length === 0 ? 'no known issue' : issues.map(issueText).join('; ');
      return `- ${VERDICTS[kind].name}: ${plain(names)} on ${plain(where)}: ${why}`;
    });
}

/** "build-5.10 (9 platforms), debian-6.1 (powernv9)"; of more kernels their number. */
function cellsText(feed: Feed, cells: readonly FeedCell[]): string {
  const kernels = [...new Set(cells.map((cell) => kernelIdOf(feed, cell)))];
  if (kernels.length > NAMED) {
    return `${countOf(cells.length, 'cell')} of ${countOf(kernels.length, 'kernel')}`;
  }
  return kernels
    .map((kernel) => {
      const platforms = cells
        .filter((cell) => kernelIdOf(feed, cell) === kernel)
        .map(({ platform }) => feed.platforms[platform]?.id ?? '');
      const many = platforms.length > NAMED;
      return `${kernel} (${many ? countOf(platforms.length, 'platform') : platforms.join(', ')})`;
    })
    .join(', ');
}

function issueText({ id, what, source, fix }: FeedIssue): string {
  const link =
    fix === undefined
      ? ''
      : `, fixed by [${fix.slice(0, 12)}](https://git.kernel.org/torvalds/c/${fix})`;
  return `known issue ${plain(id)}: ${plain(what)} (${plain(source)}${link})`;
}

/** A register in a cell, and what it was in the older cell that this one is compared with. */
interface Change {
  readonly older: FeedAnswer | undefined;
  readonly newer: FeedAnswer;
}

/** A line for each kernel with the registers that changed against the kernel it is compared with. */
function changeLines(feed: Feed, isWanted: (change: Change) => boolean): string[] {
  const changed = feed.cells.flatMap((cell) => {
    const older = olderCell(feed, cell);
    if (older === undefined) return [];
    const before = new Map(
      answersOf(feed, older).map(({ register, answer }) => [register, answer]),
    );
    return answersOf(feed, cell)
      .filter(({ register, answer }) => isWanted({ older: before.get(register), newer: answer }))
      .map(({ register }) => ({
        name: feed.registers[register]?.name ?? '',
        kernel: kernelIdOf(feed, cell),
        older: kernelIdOf(feed, older),
      }));
  });
  return [...new Set(changed.map(({ kernel }) => kernel))].map((kernel) => {
    const mine = changed.filter((entry) => entry.kernel === kernel);
    const names = [...new Set(mine.map(({ name }) => name))].join(', ');
    const older = [...new Set(mine.map((entry) => entry.older))].join(', ');
    return `- ${plain(kernel)}: ${plain(names)} (compared with ${plain(older)})`;
  });
}

/** The next older kernel's cell of the same platform and family: others differ in what is no news. */
function olderCell(feed: Feed, cell: FeedCell): FeedCell | undefined {
  const familyOf = ({ kernel }: FeedCell): NonNullable<Feed['kernels'][0]>['family'] => {
    const entry = feed.kernels[kernel];
    if (entry === undefined) throw new RangeError(`the feed has no kernel ${kernel}`);
    return entry.family;
  };
  const candidates = feed.cells.filter(
    (other) => other.platform === cell.platform && other.kernel < cell.kernel,
  );
  return comparedWith(familyOf(cell), candidates, familyOf);
}

/** Whether a kernel refuses a register, not for want of an option that it was built without. */
function isGone(feed: Feed, answer: FeedAnswer | undefined): boolean {
  return answer?.support === 'absent' && verdictOf(feed, answer).kind === 'absent';
}

function isThere(answer: FeedAnswer | undefined): boolean {
  return answer !== undefined && !['absent', 'untested', 'error'].includes(answer.support);
}
