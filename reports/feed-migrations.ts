import semver from 'semver';
import { cellName } from '../harness/record/cell-name.js';
import type { ExplainContext } from '../harness/judge/explain-row.js';
import { judgeLosses } from '../harness/judge/verdict/migration-outcome.js';
import type { CellRecord } from '../harness/record/cell-record.js';
import type { MeasuredMigration } from '../harness/record/migration-answer.js';
import { referenceFirst } from '../harness/record/qemu-line.js';
import type { FeedEmulators, FeedMigrations } from './feed.generated.js';
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
  readonly migrations?: readonly MeasuredMigration[];
  /** Whose line is the reference; without it the oldest QEMU comes first. */
  readonly emulators?: FeedEmulators | undefined;
}

/** The migrations between cells of the feed, in the order of their sources and targets. */
export function feedMigrations(
  { migrations = [], emulators, issues, facts }: MigrationInput,
  places: readonly FeedPlace[],
): FeedMigrations {
  const losses = new IndexedList<FeedMigrations['losses'][number]>();
  const outcomes = new IndexedList<FeedMigrations['outcomes'][number]>();
  const byName = new Map(places.map((place) => [cellName(place), place]));
  const shown = migrations.flatMap((migration) => {
    const [source, target] = [migration.from, migration.to].map((cell) =>
      byName.get(cellName(cell)),
    );
    if (source === undefined || target === undefined) return [];
    return [{ source, target, measured: migration.outcomes }];
  });
  const versions = new Set(shown.flatMap(({ measured }) => [...measured.keys()]));
  const qemus =
    emulators === undefined
      ? [...versions].sort(semver.compare)
      : referenceFirst(versions, emulators.line);
  const pairs = shown.map(({ source, target, measured }) => {
    const ends = { from: source.record, to: target.record };
    const outcomeUnder = (version: string): number | null => {
      const outcome = measured.get(version);
      if (outcome === undefined) return null;
      const judged = judgeLosses(outcome.lost, { issues, facts, ...ends });
      return outcomes.indexOf({
        kept: outcome.kept,
        lost: judged.map(({ loss, cause, issues: behind }) =>
          losses.indexOf({ ...loss, cause, issues: behind.map(({ id }) => id) }),
        ),
      });
    };
    return { from: source.index, to: target.index, outcomes: qemus.map(outcomeUnder) };
  });
  return {
    qemus,
    losses: losses.values(),
    outcomes: outcomes.values(),
    pairs: pairs.toSorted((a, b) => a.from - b.from || a.to - b.to),
  };
}
