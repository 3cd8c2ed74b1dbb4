import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { toBaseline } from '../../../harness/judge/baseline.js';
import { formatRecord } from '../../../harness/record/format-record.js';
import { readRecordFiles } from '../../../harness/record/record-files.js';
import { runCli } from '../../../fixtures/cli-process.js';

const CELLS = ['--kernel=debian-6.1,debian-6.12', '--platform=powernv9,pseries-p9-nested'];

interface Plan {
  readonly shards: readonly { readonly cells: readonly string[] }[];
}

async function runWell(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli(args);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

/** Every record of an output folder as text, without what is different in each run. */
async function answers(folder: string): Promise<Record<string, string>> {
  const files = await readRecordFiles(folder);
  return Object.fromEntries(
    files.map(({ path, record }) => [path.slice(folder.length), formatRecord(toBaseline(record))]),
  );
}

test('four shards, run one after another and merged, give the records and the report of one run', async () => {
  const folder = test.info().outputPath();
  const out = (name: string): string => join(folder, name);
  const plan = JSON.parse(await runWell('plan', ...CELLS, '--shards=4', '--format=json')) as Plan;
  expect(plan.shards.map(({ cells }) => cells.length)).toEqual([1, 1, 1, 1]);
  const shards = plan.shards.map((_, index) => out(`shard-${index + 1}`));
  for (const [index, { cells }] of plan.shards.entries()) {
    await runWell('run', `--cell=${cells.join(',')}`, '--out', shards[index] ?? '');
  }
  await runWell('run', ...CELLS, '--out', out('whole'));
  const said = await runWell('merge', ...shards, '--out', out('merged'));
  expect(said).toBe(`4 cells of 2 kernels from 4 folders; records: ${out('merged')}/records\n`);

  expect(await answers(out('merged'))).toEqual(await answers(out('whole')));
  expect(await readdir(out('merged'))).toEqual(['records']);
  for (const format of ['csv', 'markdown']) {
    const report = async (records: string): Promise<string> =>
      runWell('report', `--format=${format}`, '--records', out(records), '--output=-');
    expect(await report('merged')).toBe(await report('whole'));
  }
  for (const [index, { cells }] of plan.shards.entries()) {
    const file = `records/${cells[0] ?? ''}.json`;
    const text = await readFile(join(shards[index] ?? '', file), 'utf8');
    expect(await readFile(join(out('merged'), file), 'utf8')).toBe(text);
  }
});
