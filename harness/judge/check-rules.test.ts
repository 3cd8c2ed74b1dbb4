import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import type { CellRecord } from '../record/cell-record.js';
import { diffRecords } from '../record/diff-records.js';
import { formatRecordDiff, isSameAnswers } from '../record/format-diff.js';
import { formatRecord } from '../record/format-record.js';
import { HOSTILE_CHECKS } from '../record/hostile-checks.js';
import { deviationsOf, findDeviations, judgeRecord, judgeRun } from './judge-cell.js';
import type { KnownIssue } from './known-issues.generated.js';
import { applyKnownIssues } from './known-issues.js';
import { parseRecord } from '../record/parse-record.js';
import type { HostileCheck, HostileRecord } from '../record/record.generated.js';
import { record } from '../record/record.fixture.js';
import { unneededIssues } from './unneeded-issues.js';

const FINE: HostileCheck = { answers: { EINVAL: 90 } };
const ACCEPTED: HostileCheck = {
  answers: { EINVAL: 88, ok: 2 },
  unexpected: {
    count: 2,
    first: [{ call: 'get 0x01', expected: 'EINVAL or ENXIO', got: 'ok 0x5' }],
  },
};
const LOGGED: HostileCheck = { ...FINE, log: ['WARNING: CPU: 0 at f', 'more of it'] };
const DIED: HostileCheck = {
  answers: {},
  died: { how: 'the kernel under test failed: Oops', console: ['Oops: -'] },
};

/** A record with one hostile check. */
const cell = (check: HostileCheck | undefined, plan = { ids: 1000, seed: 1 }): CellRecord => {
  const hostile: HostileRecord = {
    ...plan,
    checks: check === undefined ? {} : { 'random-ids': check },
  };
  return { ...record(), hostile };
};

const messages = (judged: CellRecord, baseline?: CellRecord): string[] =>
  findDeviations(judged, { baseline }).map(({ message }) => message);

test('the checks of the list are those of the schema', () => {
  const text = readFileSync(repositoryPath('matrix/schema/record.schema.json'), 'utf8');
  const schema = JSON.parse(text) as {
    definitions: { hostileChecks: { properties: object } };
  };
  expect(Object.keys(schema.definitions.hostileChecks.properties)).toEqual([...HOSTILE_CHECKS]);
});

const RULES: readonly (readonly [HostileCheck, string])[] = [
  [
    ACCEPTED,
    'hostile random-ids on debian-6.1/powernv9: expected EINVAL or ENXIO of get 0x01, got ok 0x5 (and 1 more) (--hostile=1000:1) [hostile-refused]',
  ],
  [
    LOGGED,
    'hostile random-ids on debian-6.1/powernv9: expected a clean kernel log, got "WARNING: CPU: 0 at f" (and 1 more) (--hostile=1000:1) [log-clean]',
  ],
  [
    DIED,
    'hostile random-ids on debian-6.1/powernv9: expected the host to go on, got the kernel under test failed: Oops (--hostile=1000:1) [hostile-survived]',
  ],
];
for (const [check, message] of RULES) {
  test(`"${message}"`, () => {
    expect(messages(cell(FINE))).toEqual([]);
    expect(messages(cell(check))).toEqual([message]);
  });
}

test('a baseline without hostile calls, or with others, is not compared', () => {
  expect(messages(cell(FINE), record())).toEqual([]);
  expect(messages(cell(FINE), cell({ answers: { EINVAL: 5 } }, { ids: 7, seed: 1 }))).toEqual([]);
  expect(messages(cell(FINE), cell({ answers: {}, untested: 'one thread' }))).toEqual([]);
});

test('other answers than those on record deviate, even where no rule is broken', () => {
  expect(messages(cell({ answers: { EINVAL: 89, ENXIO: 1 } }), cell(FINE))).toEqual([
    'hostile random-ids on debian-6.1/powernv9: expected 90 EINVAL, got 89 EINVAL, 1 ENXIO (--hostile=1000:1) [baseline]',
  ]);
  expect(messages(cell(FINE), cell(FINE))).toEqual([]);
});

test('where the log was not read, nothing is said of it', () => {
  const judged = cell(FINE);
  const unread = {
    ...judged,
    hostile: { ...judged.hostile, logUntested: 'refused' },
  } as CellRecord;
  expect(judgeRecord(judged, {}).checks.get('random-ids')?.['log-clean']).toBe('kept');
  expect(judgeRecord(unread, {}).checks.get('random-ids')?.['log-clean']).toBe('not asked');
});

const ISSUE: KnownIssue = {
  ...{ id: 'odd-id-accepted', checks: ['random-*'], kernels: ['*'], platforms: ['powernv*'] },
  ...{ rule: 'hostile-refused', cause: 'kernel', what: 'odd', source: 'book3s.c' },
};

test('a known issue excuses its checks, and is unneeded when they keep the rule', () => {
  const excused = (judged: CellRecord): number =>
    applyKnownIssues(deviationsOf(judgeRecord(judged, {})), judged, [ISSUE]).excused.length;
  expect([excused(cell(ACCEPTED)), excused(cell(LOGGED))]).toEqual([1, 0]);
  const review = (judged: CellRecord): unknown =>
    unneededIssues([ISSUE], judgeRun([judged], [])).unneeded.map(({ message }) => message);
  expect(review(cell(ACCEPTED))).toEqual([]);
  expect(review(cell(undefined))).toEqual([]);
  expect(review(cell(FINE))).toEqual([
    'known issue "odd-id-accepted" is no longer needed: no check of random-* breaks the rule hostile-refused on debian-6.1/powernv9; remove it from matrix/known-issues.json, or narrow its kernels',
  ]);
});

test('a cell that was not run is judged by what is on record of it', () => {
  const review = (baseline: CellRecord): number =>
    unneededIssues([ISSUE], judgeRun([], [baseline])).unneeded.length;
  expect([review(cell(ACCEPTED)), review(cell(FINE)), review(record())]).toEqual([0, 1, 0]);
});

test('a difference between two records is reported check by check', () => {
  const diff = diffRecords(cell(FINE), cell(ACCEPTED));
  expect(diff.checks.map(({ sentence }) => sentence)).toEqual([
    'hostile random-ids: 90 EINVAL in A, 88 EINVAL, 2 ok; 2 unexpected in B',
  ]);
  expect(formatRecordDiff(diff)).toContain('\n  hostile random-ids: 90 EINVAL in A');
  expect(isSameAnswers({ pairs: [diff], onlyA: [], onlyB: [] })).toBe(false);
  expect(diffRecords(cell(FINE), record()).checks).toEqual([]);
});

test("a record's file has a line for each check, and is read back as it was", () => {
  for (const check of [FINE, ACCEPTED, LOGGED, DIED]) {
    const written = formatRecord(cell(check));
    expect(written).toContain(`      "random-ids": ${JSON.stringify(check)}\n`);
    expect(parseRecord(written, 'x.json')).toEqual(cell(check));
  }
});
