import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../harness/base/paths.js';
import { loadFeed } from './load-feed.js';
import { writeKcidb } from './kcidb.js';
import { feedOf } from './testing/feeds.js';

interface Report {
  readonly version: object;
  readonly checkouts: readonly { readonly id: string }[];
  readonly builds: readonly { readonly id: string; readonly checkout_id: string }[];
  readonly tests: readonly {
    readonly id: string;
    readonly build_id: string;
    readonly path: string;
    readonly status: string;
    readonly comment: string;
  }[];
  readonly issues: readonly { readonly id: string; readonly culprit: object }[];
  readonly incidents: readonly { readonly issue_id: string; readonly test_id: string }[];
}

const report = JSON.parse(writeKcidb(feedOf())) as Report;

test('a report of KCIDB 5.3 has checkouts, builds and tests that refer to each other', () => {
  expect(report.version).toEqual({ major: 5, minor: 3 });
  const checkouts = new Set(report.checkouts.map(({ id }) => id));
  const builds = new Set(report.builds.map(({ id }) => id));
  expect(report.builds.every(({ checkout_id: id }) => checkouts.has(id))).toBe(true);
  expect(report.tests.every(({ build_id: id }) => builds.has(id))).toBe(true);
  expect(new Set(report.tests.map(({ id }) => id)).size).toBe(report.tests.length);
  for (const { id, path } of report.tests) {
    expect(id).toMatch(/^[a-z0-9_]+:[^\0]+$/);
    expect(path).toMatch(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/);
  }
});

test("it follows KCIDB's own constraints, of the small feed and of every baseline", async () => {
  const path = repositoryPath('reports', 'testing', 'kcidb-5.3.schema.json');
  const schema = JSON.parse(await readFile(path, 'utf8')) as object;
  const validate = new Ajv({ strict: true, allErrors: false }).compile(schema);
  for (const feed of [feedOf(), await loadFeed()]) {
    expect(validate(JSON.parse(writeKcidb(feed))), JSON.stringify(validate.errors)).toBe(true);
  }
  expect(validate({ version: { major: 5, minor: 3 }, tests: [{ id: 'x' }] })).toBe(false);
});

test('a known bug of the kernel is FAIL, an issue whose culprit is the code, and an incident', () => {
  const failed = report.tests.find(
    ({ path, status }) => status === 'FAIL' && path === 'sprmatrix.one_reg.MMCR3',
  );
  expect(failed?.comment).toContain('MMCR3 on debian-6.1/');
  expect(report.issues).toContainEqual(
    expect.objectContaining({
      ...{ id: 'sprmatrix:mmcr3-put-lost', version: 1, origin: 'sprmatrix' },
      culprit: { code: true, tool: false, harness: false },
    }),
  );
  expect(report.incidents).toContainEqual(
    expect.objectContaining({
      ...{ issue_id: 'sprmatrix:mmcr3-put-lost', test_id: failed?.id, present: true },
    }),
  );
});

test('no property is null, and what works is PASS', () => {
  const { tests } = JSON.parse(writeKcidb(feedOf())) as {
    tests: readonly Record<string, unknown>[];
  };
  const [first = {}] = tests;
  const names = Object.keys(first).filter((name) => name !== 'misc');
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => first[name] === null)).toEqual([]);
  expect(new Set(report.tests.map(({ status }) => status))).toEqual(new Set(['PASS', 'FAIL']));
});
