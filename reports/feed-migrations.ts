import { cellName } from '../harness/record/cell-name.js';
import type { MigrationAnswer } from '../harness/record/migration-table.js';
import type { FeedMigrations } from './feed.generated.js';
import { IndexedList } from './indexed-list.js';

/** A cell of the feed, by its place there. */
export interface FeedPlace {
  readonly kernel: string;
  readonly platform: string;
  readonly index: number;
}

/** The migrations between cells of the feed, in the order of their sources and targets. */
export function feedMigrations(
  answers: readonly MigrationAnswer[],
  places: readonly FeedPlace[],
): FeedMigrations {
  const losses = new IndexedList<FeedMigrations['losses'][number]>();
  const outcomes = new IndexedList<FeedMigrations['outcomes'][number]>();
  const indexes = new Map(places.map((place) => [cellName(place), place.index]));
  const pairs = answers.flatMap(({ from, to, kept, lost }) => {
    const [source, target] = [indexes.get(cellName(from)), indexes.get(cellName(to))];
    if (source === undefined || target === undefined) return [];
    const outcome = { kept, lost: lost.map((loss) => losses.indexOf({ ...loss })) };
    return [{ from: source, to: target, outcome: outcomes.indexOf(outcome) }];
  });
  return {
    losses: losses.values(),
    outcomes: outcomes.values(),
    pairs: pairs.toSorted((a, b) => a.from - b.from || a.to - b.to),
  };
}
