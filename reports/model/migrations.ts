import type { LossCause, LossCounts } from '../../harness/judge/verdict/loss-counts.js';
import { countLosses, lossCountsText } from '../../harness/judge/verdict/loss-counts.js';
import type { Loss } from '../../harness/record/migration.generated.js';
import type { FeedPlatform } from '../feed.generated.js';
import type { Column, Matrix } from './matrix.js';

/** A loss, whose it is, and the known issues that say so. */
export interface FoundLoss extends Loss {
  readonly cause: LossCause;
  readonly issues: readonly string[];
}

/** What came of one migration. */
export interface Migration {
  readonly source: Column;
  readonly target: Column;
  /** Registers of which nothing is lost. */
  readonly kept: number;
  readonly lost: readonly FoundLoss[];
  readonly counts: LossCounts;
}

/** The migrations to one platform, from as rows and to as columns. */
export interface MigrationMap {
  readonly platform: FeedPlatform;
  /** Those of the platform itself first. */
  readonly sources: readonly Column[];
  readonly targets: readonly Column[];
  readonly at: (source: Column, target: Column) => Migration | undefined;
}

/** The platforms that something was migrated to, in the feed's order. */
export function migrationPlatforms({ feed, columns }: Matrix): FeedPlatform[] {
  const targets = new Set(feed.migrations.pairs.map(({ to }) => columns[to]?.platform.id));
  return feed.platforms.filter(({ id }) => targets.has(id));
}

/** The migrations to a platform; the first that has any without one. */
export function migrationMap(matrix: Matrix, id?: string): MigrationMap | undefined {
  const platforms = migrationPlatforms(matrix);
  const platform = platforms.find((candidate) => candidate.id === id) ?? platforms[0];
  if (platform === undefined) return undefined;
  const { feed, columns } = matrix;
  const { pairs, outcomes, losses } = feed.migrations;
  const found = new Map<string, Migration>();
  for (const { from, to, outcome } of pairs) {
    const [source, target, end] = [columns[from], columns[to], outcomes[outcome]];
    if (source === undefined || end === undefined || target?.platform !== platform) continue;
    // The feed's schema leaves open what a loss has next to the fields that every one has.
    const lost = end.lost.flatMap((index) => (losses[index] as FoundLoss | undefined) ?? []);
    const counts = countLosses(lost.map(({ cause }) => cause));
    found.set(`${from} ${to}`, { source, target, kept: end.kept, lost, counts });
  }
  const all = [...found.values()];
  const isHere = (column: Column): number => Number(column.platform !== platform);
  return {
    platform,
    sources: [...new Set(all.map(({ source }) => source))].sort(
      (a, b) => isHere(a) - isHere(b) || a.index - b.index,
    ),
    targets: [...new Set(all.map(({ target }) => target))].sort((a, b) => a.index - b.index),
    at: (source, target) => found.get(`${source.index} ${target.index}`),
  };
}

/** What a field of the map shows: a number or a letter, how bad it is, and both in words. */
export interface HeatCell {
  readonly text: string;
  /** 0: nothing is lost; 4: the most. */
  readonly heat: 0 | 1 | 2 | 3 | 4;
  readonly words: string;
}

/** A letter for each way to lose a register. */
export const LOSS_LETTERS: Readonly<Record<Loss['how'], string>> = {
  unknown: 'U',
  refused: 'R',
  masked: 'M',
  guest: 'G',
};

const LOSS_WORDS: Readonly<Record<Loss['how'], string>> = {
  unknown: 'unknown id',
  refused: 'refused value',
  masked: 'masked bits',
  guest: 'the guest does not see it',
};

const CAUSE_WORDS = {
  ...{ configuration: 'configuration', emulator: 'QEMU', design: 'design' },
  ...{ kernel: 'the kernel', unexplained: 'the kernel' },
} as const satisfies Readonly<Record<LossCause, string>>;

/** How much a migration loses by its kernels, and by all; or, of one register, how that is lost and by what. */
export function heatCell({ lost, counts }: Migration, register?: string): HeatCell {
  if (register !== undefined) {
    const loss = lost.find((candidate) => candidate.register === register);
    if (loss === undefined) return { text: '·', heat: 0, words: 'nothing of it lost' };
    const isKernels = loss.cause === 'kernel' || loss.cause === 'unexplained';
    const words = `${LOSS_WORDS[loss.how]}, by ${CAUSE_WORDS[loss.cause]}`;
    return { text: LOSS_LETTERS[loss.how], heat: isKernels ? 4 : 1, words };
  }
  const { kernel } = counts;
  const heat = kernel === 0 ? 0 : kernel < 3 ? 1 : kernel < 6 ? 2 : kernel < 12 ? 3 : 4;
  const others = lost.length - kernel;
  return {
    text: others === 0 ? `${kernel}` : `${kernel}+${others}`,
    heat,
    words: lost.length === 0 ? 'nothing lost' : `${lossCountsText(counts)} lost`,
  };
}

/** How many migrations there are of a register, and in how many it is lost. */
export function lossesOf(
  { feed }: Matrix,
  register: string,
): { readonly lost: number; readonly tried: number } {
  const { pairs, outcomes, losses } = feed.migrations;
  const mine = new Set(
    losses.flatMap((loss, index) => (loss.register === register ? [index] : [])),
  );
  const lost = pairs.filter(({ outcome }) =>
    outcomes[outcome]?.lost.some((index) => mine.has(index)),
  );
  return { lost: lost.length, tried: pairs.length };
}
