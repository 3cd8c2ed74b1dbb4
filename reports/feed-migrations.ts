import { cellName } from '../harness/record/cell-name.js';
import type { ExplainContext } from '../harness/judge/explain-row.js';
import { judgeLosses } from '../harness/judge/verdict/migration-outcome.js';
import type { CellRecord } from '../harness/record/cell-record.js';
import type { MigrationAnswer } from '../harness/record/migration-answer.js';
import type { FeedMigrations } from './feed.generated.js';
import { IndexedList } from './indexed-list.js';

/** A cell of the feed, by its place there. */
export interface FeedPlace {
  readonly kernel: string;
  readonly platform: string;
  readonly index: number;
  readonly record: CellRecord;
}

/** The migrations on record, and what says whose their losses are. */
export interface MigrationInput extends ExplainContext {
  readonly migrations?: readonly MigrationAnswer[];
}

/** The migrations between cells of the feed, in the order of their sources and targets. */
export function feedMigrations(
  { migrations = [], issues, facts }: MigrationInput,
  places: readonly FeedPlace[],
): FeedMigrations {
  const losses = new IndexedList<FeedMigrations['losses'][number]>();
  const outcomes = new IndexedList<FeedMigrations['outcomes'][number]>();
  const byName = new Map(places.map((place) => [cellName(place), place]));
  const pairs = migrations.flatMap(({ from, to, kept, lost }) => {
    const [source, target] = [byName.get(cellName(from)), byName.get(cellName(to))];
    if (source === undefined || target === undefined) return [];
    const judged = judgeLosses(lost, { issues, facts, from: source.record, to: target.record });
    const outcome = {
      kept,
      lost: judged.map(({ loss, cause, issues: behind }) =>
        losses.indexOf({ ...loss, cause, issues: behind.map(({ id }) => id) }),
      ),
    };
    return [{ from: source.index, to: target.index, outcome: outcomes.indexOf(outcome) }];
  });
  return {
    losses: losses.values(),
    outcomes: outcomes.values(),
    pairs: pairs.toSorted((a, b) => a.from - b.from || a.to - b.to),
  };
}
