import { readFile } from 'node:fs/promises';
import { repositoryPath } from '../harness/base/paths.js';
import { loadPlatforms } from '../harness/machine/platforms.js';
import { harnessIdentity } from '../harness/base/harness-identity.js';
import { readBaselines } from '../harness/judge/baseline.js';
import { emulatorFacts } from '../harness/judge/emulator/emulator-reasons.js';
import { emulatorTable } from '../harness/judge/emulator/emulator-table.js';
import type { CellRecord } from '../harness/record/cell-record.js';
import { bugEntries } from '../harness/judge/bugs/bugs.js';
import { readKnownIssues } from '../harness/judge/known-issues.js';
import { readMeasured } from '../harness/record/migration-table.js';
import { readRecordFolder } from '../harness/record/record-files.js';
import { readRegisterFacts } from '../harness/record/register-facts.js';
import type { Feed } from './feed.js';
import { buildFeed } from './feed.js';

export interface FeedOptions {
  /**
   * Records, or a folder of them: an output folder, or one of kernels. Baselines are shown without
   * them.
   */
  readonly records?: string | readonly CellRecord[] | undefined;
  /** Whether to show the baselines of the cells that have no record, too. */
  readonly withBaselines?: boolean | undefined;
}

/**
 * The feed of a folder's records, or of the committed baselines. Errors: those of the files that
 * it reads; a folder of records that is not there is a usage error.
 */
export async function loadFeed({ records, withBaselines }: FeedOptions = {}): Promise<Feed> {
  const platforms = loadPlatforms();
  const tables = await Promise.all(platforms.map(async ({ id }) => readMeasured(id)));
  const baselines = await readBaselines();
  return buildFeed({
    records: typeof records === 'string' ? await readRecordFolder(records) : (records ?? []),
    baselines,
    emulators: emulatorTable(baselines, emulatorFacts()),
    source: records === undefined ? 'baselines' : withBaselines === true ? 'both' : 'records',
    platforms,
    migrations: tables.flat(),
    facts: await readRegisterFacts(),
    issues: await readKnownIssues(),
    bugs: bugEntries(),
    fields: await readFieldMeanings(),
    harness: await harnessIdentity(),
  });
}

/** What the fields of a record's row mean, as its schema says it. */
async function readFieldMeanings(): Promise<Record<string, string>> {
  const path = repositoryPath('matrix', 'schema', 'record.schema.json');
  const schema = JSON.parse(await readFile(path, 'utf8')) as {
    definitions: { register: { properties: Record<string, { description?: string }> } };
  };
  const fields = Object.entries(schema.definitions.register.properties);
  return Object.fromEntries(
    fields.flatMap(([name, { description }]) =>
      description === undefined ? [] : [[name, description]],
    ),
  );
}
