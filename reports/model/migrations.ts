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

/** What came of one migration under one QEMU. */
export interface Migration {
  readonly source: Column;
  readonly target: Column;
  /** The version that both ends ran under. */
  readonly qemu: string;
  /** Registers of which nothing is lost. */
  readonly kept: number;
  readonly lost: readonly FoundLoss[];
  readonly counts: LossCounts;
}

/** The migrations to one platform under one QEMU, from as rows and to as columns. */
export interface MigrationMap {
  readonly platform: FeedPlatform;
  readonly qemu: string;
  /** Every QEMU of the feed, and how many of this platform's pairs were measured under it. */
  readonly qemus: readonly { readonly version: string; readonly pairs: number }[];
  /** How many pairs there are, measured under whichever QEMU. */
  readonly pairs: number;
  /** Those of the platform itself first. */
  readonly sources: readonly Column[];
  readonly targets: readonly Column[];
  /** Undefined for what is no pair, and for one that was not measured under this QEMU. */
  readonly at: (source: Column, target: Column) => Migration | undefined;
  /** The QEMUs that a pair was measured under; none for what is no pair. */
  readonly measuredUnder: (source: Column, target: Column) => readonly string[];
  /** The pair under the first QEMU that it was measured under: the reference, where that could run it. */
  readonly referenceOf: (migration: Migration) => Migration;
}

/** The platforms that something was migrated to, in the feed's order. */
export function migrationPlatforms({ feed, columns }: Matrix): FeedPlatform[] {
  const targets = new Set(feed.migrations.pairs.map(({ to }) => columns[to]?.platform.id));
  return feed.platforms.filter(({ id }) => targets.has(id));
}

/**
 * The migrations to platform `to` under QEMU `qemu`. The platform defaults to the first one that has migrations,
 * the QEMU to the first one that they were measured under.
 */
export function migrationMap(
  matrix: Matrix,
  { to, qemu }: { readonly to?: string | undefined; readonly qemu?: string | undefined } = {},
): MigrationMap | undefined {
  const platforms = migrationPlatforms(matrix);
  const platform = platforms.find((candidate) => candidate.id === to) ?? platforms[0];
  if (platform === undefined) return undefined;
  const pairs = pairsTo(matrix, platform);
  const qemus = matrix.feed.migrations.qemus.map((version) => ({
    version,
    pairs: pairs.filter(({ under }) => under.has(version)).length,
  }));
  const version = qemu ?? qemus.find((candidate) => candidate.pairs > 0)?.version ?? '';
  const named = new Map(
    pairs.map((pair) => [placeOf(pair.source, pair.target), pair.under] as const),
  );
  const underOf = (source: Column, target: Column): Under =>
    named.get(placeOf(source, target)) ?? new Map<string, Migration>();
  const isHere = (column: Column): number => Number(column.platform !== platform);
  return {
    ...{ platform, qemus, qemu: version, pairs: pairs.length },
    sources: [...new Set(pairs.map(({ source }) => source))].sort(
      (a, b) => isHere(a) - isHere(b) || a.index - b.index,
    ),
    targets: [...new Set(pairs.map(({ target }) => target))].sort((a, b) => a.index - b.index),
    at: (source, target) => underOf(source, target).get(version),
    measuredUnder: (source, target) => [...underOf(source, target).keys()],
    referenceOf: (migration) => {
      const [reference = migration] = underOf(migration.source, migration.target).values();
      return reference;
    },
  };
}

/** What came of a pair by the version of QEMU, the reference first. */
type Under = ReadonlyMap<string, Migration>;

interface Pair {
  readonly source: Column;
  readonly target: Column;
  readonly under: Under;
}

const placeOf = (source: Column, target: Column): string => `${source.index} ${target.index}`;

/** The pairs of cells whose target is of a platform. */
function pairsTo({ feed, columns }: Matrix, platform: FeedPlatform): Pair[] {
  const { pairs, outcomes, losses, qemus } = feed.migrations;
  return pairs.flatMap((pair) => {
    const [source, target] = [columns[pair.from], columns[pair.to]];
    if (source === undefined || target?.platform !== platform) return [];
    const under = new Map<string, Migration>();
    for (const [position, qemu] of qemus.entries()) {
      const end = outcomes[pair.outcomes[position] ?? -1];
      if (end === undefined) continue;
      // The feed's schema leaves open what a loss has next to the fields that every one has.
      const lost = end.lost.flatMap((index) => (losses[index] as FoundLoss | undefined) ?? []);
      const counts = countLosses(lost.map(({ cause }) => cause));
      under.set(qemu, { source, target, qemu, kept: end.kept, lost, counts });
    }
    return [{ source, target, under }];
  });
}

/** The registers of which one migration loses otherwise than another, in the order of the feed's rows. */
export function lostOtherwise({ rows }: Matrix, a: Migration, b: Migration): string[] {
  // A loss stands in the feed once, so that the same one is the same object.
  const [ofA, ofB] = [new Set(a.lost), new Set(b.lost)];
  const changed = new Set(
    [...a.lost, ...b.lost]
      .filter((loss) => !ofA.has(loss) || !ofB.has(loss))
      .map(({ register }) => register),
  );
  return rows.flatMap(({ register: { name } }) => (changed.has(name) ? [name] : []));
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

/**
 * How many migrations there are of a register, and in how many it is lost, each under the first QEMU that it
 * was measured under; and which those are.
 */
export function lossesOf(
  { feed }: Matrix,
  register: string,
): { readonly lost: number; readonly tried: number; readonly qemus: readonly string[] } {
  const { pairs, outcomes, losses, qemus } = feed.migrations;
  const mine = new Set(
    losses.flatMap((loss, index) => (loss.register === register ? [index] : [])),
  );
  const positions = pairs.map((pair) => pair.outcomes.findIndex((outcome) => outcome !== null));
  const lost = pairs.filter((pair, index) =>
    outcomes[pair.outcomes[positions[index] ?? -1] ?? -1]?.lost.some((one) => mine.has(one)),
  );
  return {
    ...{ lost: lost.length, tried: pairs.length },
    qemus: qemus.filter((_, position) => positions.includes(position)),
  };
}
