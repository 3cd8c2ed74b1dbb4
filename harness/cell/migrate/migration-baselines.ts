import { migrationDeviations } from '../../judge/format-migration.js';
import { migrateAgain } from '../../record/again-command.js';
import type { MigrationAnswer } from '../../record/migration-table.js';
import { pairName, readMigrations, updateMigrations } from '../../record/migration-table.js';

/** What answers say next to those on record. */
export interface MigrationComparison {
  /** A line for each register that differs, and the command that shows it again. */
  readonly texts: readonly string[];
  /** The number of pairs that are not on record. */
  readonly withoutBaseline: number;
}

/** Compares answers with matrix/migration. Errors: `MIGRATION_INVALID`. */
export async function compareMigrations(
  answers: readonly MigrationAnswer[],
): Promise<MigrationComparison> {
  const texts: string[] = [];
  let withoutBaseline = 0;
  for (const [platform, ofPlatform] of byPlatform(answers)) {
    const baselines = new Map((await readMigrations(platform)).map((one) => [pairName(one), one]));
    for (const answer of ofPlatform) {
      const baseline = baselines.get(pairName(answer));
      if (baseline === undefined) {
        withoutBaseline += 1;
        continue;
      }
      const deviations = migrationDeviations(answer, baseline);
      texts.push(...deviations);
      if (deviations.length > 0) texts.push(`again: ${migrateAgain(answer)}`);
    }
  }
  return { texts, withoutBaseline };
}

/** Puts answers into the tables of their target platforms and returns the tables' paths. */
export async function updateMigrationTables(
  answers: readonly MigrationAnswer[],
): Promise<string[]> {
  const paths: string[] = [];
  for (const [platform, ofPlatform] of byPlatform(answers)) {
    paths.push(await updateMigrations(platform, ofPlatform));
  }
  return paths;
}

function byPlatform(answers: readonly MigrationAnswer[]): Map<string, MigrationAnswer[]> {
  const found = new Map<string, MigrationAnswer[]>();
  for (const answer of answers) {
    const { platform } = answer.to;
    found.set(platform, [...(found.get(platform) ?? []), answer]);
  }
  return found;
}
