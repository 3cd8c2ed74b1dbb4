import { invocation } from '../../base/invocation.js';
import { readBaselines } from '../../judge/baseline.js';
import { emulatorFacts } from '../../judge/emulator/emulator-reasons.js';
import { expectedMigration, migrationFacts } from '../../judge/emulator/migration-under-qemu.js';
import { migrationDeviations } from '../../judge/format-migration.js';
import { migrateAgain } from '../../record/again-command.js';
import type { AskedMigration } from '../../record/migration-answer.js';
import { pairName } from '../../record/migration-answer.js';
import { readMeasured, updateMigrations } from '../../record/migration-table.js';
import type { Calibration } from '../../record/record.generated.js';

/** What answers say next to those on record. */
export interface MigrationComparison {
  /** A line for each register that differs, and the command that shows it again. */
  readonly texts: readonly string[];
  /** The number of pairs that are not on record. */
  readonly withoutBaseline: number;
  /** Pairs on record that were not measured under the QEMUs of the answers: how many under which. */
  readonly unmeasured: ReadonlyMap<string, number>;
  /** Registers that a calibration found to be the emulator's, and in which answers are not as on record. */
  readonly emulators: readonly string[];
}

/**
 * Compares answers with matrix/migration, as it reads under the QEMUs that they are of; `calibrations` are
 * those of platforms, by name, whose QEMU nobody measured. Errors: `MIGRATION_INVALID`.
 */
export async function compareMigrations(
  answers: readonly AskedMigration[],
  calibrations: ReadonlyMap<string, Calibration>,
): Promise<MigrationComparison> {
  const texts: string[] = [];
  const emulators = new Set<string>();
  const unmeasured = new Map<string, number>();
  let withoutBaseline = 0;
  for (const [platform, ofPlatform] of byPlatform(answers)) {
    const known = new Map((await readMeasured(platform)).map((one) => [pairName(one), one]));
    for (const answer of ofPlatform) {
      const measured = known.get(pairName(answer));
      if (measured === undefined) {
        withoutBaseline += 1;
        continue;
      }
      const expected = expectedMigration(answer, measured, calibrations);
      if (expected === undefined) {
        const name = qemusText(answer);
        unmeasured.set(name, (unmeasured.get(name) ?? 0) + 1);
        continue;
      }
      const own: string[] = [];
      for (const { register, text } of migrationDeviations(answer, expected)) {
        if (register !== undefined && expected.emulators.has(register)) emulators.add(register);
        else own.push(text);
      }
      texts.push(...own);
      if (own.length > 0) texts.push(`again: ${migrateAgain(answer, invocation().options)}`);
    }
  }
  return { texts, withoutBaseline, unmeasured, emulators: [...emulators].sort() };
}

/**
 * Puts answers into the tables of their target platforms and returns the tables' paths. An answer whose two
 * ends ran under two versions of QEMU says of neither what it does: it is left out.
 */
export async function updateMigrationTables(answers: readonly AskedMigration[]): Promise<string[]> {
  const paths: string[] = [];
  const facts = migrationFacts(await readBaselines(), emulatorFacts());
  const ofOneQemu = answers.filter(({ qemus }) => qemus.from === qemus.to);
  for (const [platform, ofPlatform] of byPlatform(ofOneQemu)) {
    paths.push(await updateMigrations(platform, ofPlatform, facts));
  }
  return paths;
}

/** "QEMU 10.0.2", or both where the ends ran under two. */
function qemusText({ qemus: { from, to } }: AskedMigration): string {
  return from === to ? `QEMU ${to}` : `QEMU ${from} and then ${to}`;
}

function byPlatform(answers: readonly AskedMigration[]): Map<string, AskedMigration[]> {
  const found = new Map<string, AskedMigration[]>();
  for (const answer of answers) {
    const { platform } = answer.to;
    found.set(platform, [...(found.get(platform) ?? []), answer]);
  }
  return found;
}
