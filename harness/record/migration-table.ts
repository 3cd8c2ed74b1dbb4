import { readFile } from 'node:fs/promises';
import type { ValidateFunction } from 'ajv';
import { repositorySchema } from '../data/compiled-schema.js';
import { writeFileAtomic } from '../base/files.js';
import { repositoryPath } from '../base/paths.js';
import { parseJson } from '../data/json-text.js';
import { explainSchemaErrors, fieldPath, invalidFile } from '../data/schema-faults.js';
import { sealed } from '../data/seal.js';
import { formatMigrationTable } from './format-migration-table.js';
import type {
  AskedMigration,
  MeasuredMigration,
  MigrationFacts,
  MigrationOutcome,
} from './migration-answer.js';
import { measuredUnder, pairName } from './migration-answer.js';
import type { Loss, MigrationDifference, MigrationTable } from './migration.generated.js';
import { tableFaults } from './migration-table-faults.js';

let compiled: ValidateFunction<MigrationTable> | undefined;

/** Where the table of a target platform lies; the default folder is the repository's. */
function migrationTablePath(platform: string, folder = tableFolder()): string {
  return `${folder}/${platform}.json`;
}

/** The table of a text. Errors: `MIGRATION_INVALID` with `path` and the field. */
export function parseMigrationTable(text: string, path: string): MigrationTable {
  compiled ??= repositorySchema<MigrationTable>('migration.schema.json');
  const data = parseJson(text, path, 'MIGRATION_INVALID');
  const faults = compiled(data)
    ? tableFaults(data)
    : explainSchemaErrors(compiled.errors ?? [], fieldPath);
  if (faults.length > 0) {
    throw invalidFile('MIGRATION_INVALID', `${path}: no table of migrations`, faults, {
      hint: 'matrix/schema/migration.schema.json describes the fields; `sprmatrix migrate --all --update-baseline` makes it again',
    });
  }
  return data as MigrationTable;
}

/** The table of a target platform; undefined where it has none. Errors: `MIGRATION_INVALID`. */
export async function readMigrationTable(
  platform: string,
  folder = tableFolder(),
): Promise<MigrationTable | undefined> {
  const path = migrationTablePath(platform, folder);
  try {
    return parseMigrationTable(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The pairs of a table, in its order, with what they come to under each QEMU. */
export function measuredMigrations(table: MigrationTable): MeasuredMigration[] {
  const { platform, qemus, losses, pairs, differs } = table;
  return pairs.map((pair, position) => {
    const { from, to, kept, lost } = pair;
    const own: MigrationOutcome = { kept, lost: lost.flatMap((index) => losses[index] ?? []) };
    const outcomes = measuredUnder(pair, qemus).map((version) => {
      const other = differs.filter((one) => one.qemu === version && one.pairs.includes(position));
      return [version, withDifferences(own, other, losses)] as const;
    });
    return { from, to: { kernel: to, platform }, outcomes: new Map(outcomes) };
  });
}

/** Each register is lost or kept, so that one more loss is one register less that is kept. */
function withDifferences(
  own: MigrationOutcome,
  differs: readonly MigrationDifference[],
  losses: readonly Loss[],
): MigrationOutcome {
  if (differs.length === 0) return own;
  const changed = new Set(differs.map(({ register }) => register));
  const lost = [
    ...own.lost.filter(({ register }) => !changed.has(register)),
    ...differs.flatMap(({ loss }) => (loss === undefined ? [] : (losses[loss] ?? []))),
  ];
  return { kept: own.kept + own.lost.length - lost.length, lost };
}

/** The pairs on record of a target platform; none where it has no table. */
export async function readMeasured(
  platform: string,
  folder = tableFolder(),
): Promise<MeasuredMigration[]> {
  const table = await readMigrationTable(platform, folder);
  return table === undefined ? [] : measuredMigrations(table);
}

/**
 * Writes answers of one target platform, both of whose ends ran under one version, into its table and
 * returns the path. Pairs that were not tried this time stay, and so do those under other versions.
 */
export async function updateMigrations(
  platform: string,
  answers: readonly AskedMigration[],
  facts: MigrationFacts,
  folder = tableFolder(),
): Promise<string> {
  const former = await readMeasured(platform, folder);
  const named = new Map(former.map((measured) => [pairName(measured), measured]));
  for (const { from, to, kept, lost, qemus } of answers) {
    const name = pairName({ from, to });
    const outcomes = new Map(named.get(name)?.outcomes).set(qemus.to, { kept, lost });
    named.set(name, { from, to, outcomes });
  }
  const path = migrationTablePath(platform, folder);
  const text = sealed(formatMigrationTable(platform, [...named.values()], facts));
  parseMigrationTable(text, path);
  await writeFileAtomic(path, text);
  return path;
}

function tableFolder(): string {
  return repositoryPath('matrix', 'migration');
}
