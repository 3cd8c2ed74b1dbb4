import type { CellIds } from './cell-name.js';
import { cellName } from './cell-name.js';
import { readFile } from 'node:fs/promises';
import type { ValidateFunction } from 'ajv';
import { repositorySchema } from '../data/compiled-schema.js';
import { writeFileAtomic } from '../base/files.js';
import { repositoryPath } from '../base/paths.js';
import { parseJson } from '../data/json-text.js';
import type { VmmLoss } from './loss-text.js';
import type { Loss, MigrationTable } from './migration.generated.js';
import { explainSchemaErrors, fieldPath, invalidFile } from '../data/schema-faults.js';

export type { Loss, VmmLoss };

/** What a guest loses when another VMM than libsprsync's restores it. */
export interface VmmAnswer {
  /** "QEMU 10.0". */
  readonly name: string;
  readonly kept: number;
  readonly lost: readonly VmmLoss[];
  /** The registers whose puts the target refused. */
  readonly refused: readonly string[];
}

/** What a guest loses from one cell to another. */
export interface MigrationAnswer {
  readonly from: CellIds;
  readonly to: CellIds;
  readonly kept: number;
  readonly lost: readonly Loss[];
  /** The same guest as another VMM restores it, where that was asked (`--vmm`). */
  readonly vmm?: VmmAnswer;
}

let compiled: ValidateFunction<MigrationTable> | undefined;

/** Where the table of a target platform lies; the default folder is the repository's. */
function migrationTablePath(platform: string, folder = tableFolder()): string {
  return `${folder}/${platform}.json`;
}

/** The answers of a table's text, in its order. Errors: `MIGRATION_INVALID` with `path` and the field. */
export function parseMigrationTable(text: string, path: string): MigrationAnswer[] {
  compiled ??= repositorySchema<MigrationTable>('migration.schema.json');
  const data = parseJson(text, path, 'MIGRATION_INVALID');
  const faults = compiled(data)
    ? positionFaults(data)
    : explainSchemaErrors(compiled.errors ?? [], fieldPath);
  if (faults.length > 0) {
    throw invalidFile('MIGRATION_INVALID', `${path}: no table of migrations`, faults, {
      hint: 'matrix/schema/migration.schema.json describes the fields; `sprmatrix migrate --all --update-baseline` makes it again',
    });
  }
  const { platform, losses, pairs } = data as MigrationTable;
  return pairs.map(({ from, to, kept, lost }) => ({
    from,
    to: { kernel: to, platform },
    kept,
    lost: lost.flatMap((position) => losses[position] ?? []),
  }));
}

/** The committed answers of a target platform; none where it has no table. */
export async function readMigrations(
  platform: string,
  folder = tableFolder(),
): Promise<MigrationAnswer[]> {
  const path = migrationTablePath(platform, folder);
  try {
    return parseMigrationTable(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Writes answers of one target platform into its table and returns the path. Those of pairs that
 * were not tried this time stay.
 */
export async function updateMigrations(
  platform: string,
  answers: readonly MigrationAnswer[],
  folder = tableFolder(),
): Promise<string> {
  const former = await readMigrations(platform, folder);
  const named = new Map(former.map((answer) => [pairName(answer), answer]));
  for (const answer of answers) named.set(pairName(answer), answer);
  const path = migrationTablePath(platform, folder);
  const text = formatMigrationTable(platform, [...named.values()]);
  parseMigrationTable(text, path);
  await writeFileAtomic(path, text);
  return path;
}

/** `<from>:<to>`, both as `<kernel>/<platform>`. */
export function pairName({ from, to }: Pick<MigrationAnswer, 'from' | 'to'>): string {
  return `${cellName(from)}:${cellName(to)}`;
}

/**
 * The text of a table: the same answers give the same text, whatever their order. Each pair and each
 * different loss has a line of its own.
 */
export function formatMigrationTable(
  platform: string,
  answers: readonly MigrationAnswer[],
): string {
  const sorted = answers.toSorted((a, b) => compareTexts(pairName(a), pairName(b)));
  const losses = [
    ...new Set(sorted.flatMap(({ lost }) => lost.map((loss) => JSON.stringify(loss)))),
  ].sort(compareTexts);
  const positions = new Map(losses.map((loss, index) => [loss, index]));
  const pairs = sorted.map(({ from, to, kept, lost }) =>
    JSON.stringify({
      from: { kernel: from.kernel, platform: from.platform },
      to: to.kernel,
      kept,
      lost: lost.map((loss) => positions.get(JSON.stringify(loss))),
    }),
  );
  return [
    '{',
    '  "format": 1,',
    `  "platform": ${JSON.stringify(platform)},`,
    `  "losses": ${lines(losses)},`,
    `  "pairs": ${lines(pairs)}`,
    '}',
    '',
  ].join('\n');
}

function tableFolder(): string {
  return repositoryPath('matrix', 'migration');
}

function lines(texts: readonly string[]): string {
  return texts.length === 0 ? '[]' : `[\n    ${texts.join(',\n    ')}\n  ]`;
}

function positionFaults({ losses, pairs }: MigrationTable): string[] {
  return pairs.flatMap(({ lost }, index) =>
    lost
      .filter((position) => position >= losses.length)
      .map(
        (position) => `pairs[${index}].lost: ${position}, but there are ${losses.length} losses`,
      ),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
