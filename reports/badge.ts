import { makeBadge } from 'badge-maker';
import type { Feed, FeedSupport } from './feed.js';
import { answersOf } from './feed-names.js';

/** A kernel's badge: an SVG image and the name of its file. */
export interface Badge {
  readonly file: string;
  readonly svg: string;
}

/** From what says most of a kernel to what says least. */
const WORST_FIRST: readonly FeedSupport[] = [
  'error',
  'lost',
  'aliased',
  'put-only',
  'get-only',
  'volatile',
  'restricted',
  'masked',
  'exact',
];
const NAMED: readonly FeedSupport[] = ['exact', 'masked', 'lost'];

/**
 * "ONE_REG 6.12: 183 exact, 9 masked, 0 lost" for each kernel of a feed. A register counts once, by
 * the worst of what the platforms that have it say: exact is what is exact on all of them. It is red
 * where something is lost or deviates, and a kernel of which nothing was asked has none.
 */
export function kernelBadges(feed: Feed): Badge[] {
  return feed.kernels.flatMap((kernel, index): Badge[] => {
    const cells = feed.cells.filter((cell) => cell.kernel === index);
    const worst = new Map<number, number>();
    for (const { register, answer } of cells.flatMap((cell) => answersOf(feed, cell))) {
      const rank = WORST_FIRST.indexOf(answer.support);
      if (rank >= 0) worst.set(register, Math.min(rank, worst.get(register) ?? rank));
    }
    if (worst.size === 0) return [];
    const supports = [...worst.values()].map((rank) => WORST_FIRST[rank]);
    const count = (support: FeedSupport): number =>
      supports.filter((other) => other === support).length;
    const other = supports.length - NAMED.reduce((sum, support) => sum + count(support), 0);
    const parts = [
      ...NAMED.map((support) => `${count(support)} ${support}`),
      ...(other > 0 ? [`${other} other`] : []),
    ];
    const isBad =
      count('lost') > 0 || feed.deviations.some(({ cell }) => feed.cells[cell]?.kernel === index);
    const svg = makeBadge({
      label: `ONE_REG ${kernel.id.replace(/^debian-/, '')}`,
      message: parts.join(', '),
      color: isBad ? 'red' : 'brightgreen',
    });
    return [{ file: `one-reg-${kernel.id}.svg`, svg }];
  });
}
