import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Feed } from '../../reports/feed.js';
import { expect } from '@playwright/test';
import { record, test } from '../record/record.fixture.js';
import { writeRecord } from '../record/record-files.js';
import { runCli } from '../../fixtures/cli-process.js';

const parse = (text: string): Feed => JSON.parse(text) as Feed;

test('report writes the baselines as a page, and says where', async ({ folder }) => {
  const path = join(folder, 'deep', 'report.html');
  const { exitCode, stdout } = await runCli(['report', '--output', path]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${path}\n` });
  expect(await readFile(path, 'utf8')).toMatch(/^<!doctype html>/);
});

test('report --format=json -o - is the feed on standard output, and nothing else', async () => {
  const { exitCode, stdout, stderr } = await runCli(['report', '--format=json', '-o', '-']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(parse(stdout)).toMatchObject({ format: 1, source: 'baselines' });
});

test('report --records has the records of a run, and the baselines next to them when asked', async ({
  folder,
}) => {
  await writeRecord(folder, record({ kernel: 'file-7.9', platform: 'powernv9' }));
  const args = ['report', '--format=json', '-o', '-', '--records', folder];
  const alone = parse((await runCli(args)).stdout);
  expect(alone.cells.map(({ origin }) => origin)).toEqual(['record']);
  expect(alone.source).toBe('records');
  const both = parse((await runCli([...args, '--with-baselines'])).stdout);
  expect(both.cells.filter(({ origin }) => origin === 'record')).toHaveLength(1);
  expect(both.cells.length).toBeGreaterThan(40);
});

test('an unknown format is a usage error that tells those there are: exit 2', async () => {
  const { exitCode, stdout, stderr } = await runCli(['report', '--format=htm']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(
    /^sprmatrix: no format matches "htm" \(nearest first: html, .*json.*\)\n {2}hint: did you mean html\?\n$/,
  );
});

test('a folder of records that is not there is a usage error: exit 2', async ({ folder }) => {
  const missing = join(folder, 'missing');
  const { exitCode, stderr } = await runCli(['report', '--records', missing]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: `sprmatrix: ${missing}: no record can be read here: ENOENT (no such file or directory)\n`,
  });
});
