import { makeBadge } from 'badge-maker';
import { countOf } from '../harness/base/count.js';
import type { VerdictKind } from '../harness/judge/verdict/verdict-kinds.js';
import { countKinds, worstOf } from '../harness/judge/verdict/verdict-kinds.js';
import type { Feed } from './feed.js';
import { answersOf, verdictOf } from './feed-names.js';

/** A kernel's badge: an SVG image and the name of its file. */
export interface Badge {
  readonly file: string;
  readonly svg: string;
}

/** What is not the kernel's, each named by itself elsewhere. */
const NOT_THE_KERNELS: readonly VerdictKind[] = ['configuration', 'emulator', 'design', 'stored'];
const NOT_THERE: readonly VerdictKind[] = ['absent', 'untested'];

/**
 * "ONE_REG debian-6.12: 3 kernel bugs, 180 work, 41 not the kernel's" for each kernel of a feed. A register
 * counts once, by its worst verdict on the platforms that have it. It is red where something is unexplained or
 * deviates, orange where the kernel's bugs are known, else green; a kernel of which nothing was asked has none.
 */
export function kernelBadges(feed: Feed): Badge[] {
  return feed.kernels.flatMap((kernel, index): Badge[] => {
    const cells = feed.cells.filter((cell) => cell.kernel === index);
    const worst = new Map<number, VerdictKind>();
    for (const { register, answer } of cells.flatMap((cell) => answersOf(feed, cell))) {
      const { kind } = verdictOf(feed, answer);
      if (NOT_THERE.includes(kind)) continue;
      worst.set(register, worstOf([kind, worst.get(register) ?? kind]));
    }
    if (worst.size === 0) return [];
    const counts = countKinds(worst.values());
    const sum = (kinds: readonly VerdictKind[]): number =>
      kinds.reduce((total, kind) => total + (counts.get(kind) ?? 0), 0);
    const [news, bugs, works] = [sum(['error', 'unexplained']), sum(['kernel']), sum(['works'])];
    const others = sum(NOT_THE_KERNELS);
    const message = [
      ...(news > 0 ? [`${news} unexplained`] : []),
      countOf(bugs, 'kernel bug'),
      `${works} work${works === 1 ? 's' : ''}`,
      ...(others > 0 ? [`${others} not the kernel's`] : []),
    ].join(', ');
    const isNews =
      news > 0 || feed.deviations.some(({ cell }) => feed.cells[cell]?.kernel === index);
    const known = bugs > 0 ? 'orange' : 'brightgreen';
    const color = isNews ? 'red' : known;
    const svg = makeBadge({ label: `ONE_REG ${kernel.id}`, message, color });
    return [{ file: `one-reg-${kernel.id}.svg`, svg }];
  });
}
