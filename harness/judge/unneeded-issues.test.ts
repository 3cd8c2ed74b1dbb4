import { expect, test } from '@playwright/test';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { judgeRun } from './judge-cell.js';
import type { KnownIssue } from './known-issues.generated.js';
import { record, row } from '../record/record.fixture.js';
import { unneededIssues } from './unneeded-issues.js';

const ISSUE: KnownIssue = {
  id: 'lpcr-get-only',
  registers: ['LPCR'],
  kernels: ['6.x'],
  platforms: ['powernv*'],
  rule: 'put-back',
  cause: 'kernel',
  what: 'Putting back the value just got answers EINVAL.',
  source: 'arch/powerpc/kvm/book3s_hv.c kvmppc_set_one_reg_hv',
};

const cell = (kernel: string, lpcr: RegisterRecord, dscr = row('exact')): CellRecord =>
  record({ kernel }, { DSCR: dscr, LPCR: lpcr });

/** `needed`, `not judged`, or the message that the issue is not needed. */
function review(
  run: readonly CellRecord[],
  baselines: readonly CellRecord[],
  changes: Partial<KnownIssue> = {},
): string {
  const issue = { ...ISSUE, ...changes };
  const { unneeded, notJudged } = unneededIssues([issue], judgeRun(run, baselines));
  expect(unneeded.map((each) => each.issue)).toEqual(unneeded.length === 0 ? [] : [issue]);
  return unneeded[0]?.message ?? (notJudged.includes(issue) ? 'not judged' : 'needed');
}

const [fine, broken] = [row('exact'), row('get-only')];

test('an issue that a record of the run needs is needed', () => {
  expect(review([cell('debian-6.1', broken)], [])).toBe('needed');
});

test('an issue that only the baseline of a cell that was not run needs is needed', () => {
  expect(review([cell('debian-6.1', fine)], [cell('debian-6.12', broken)])).toBe('needed');
});

test('an issue that nothing needs any more is named with its cells and what to do', () => {
  expect(review([cell('debian-6.1', fine)], [cell('debian-6.12', fine)])).toBe(
    'known issue "lpcr-get-only" is no longer needed: no register of LPCR breaks the rule put-back on debian-6.1/powernv9, debian-6.12/powernv9; remove it from matrix/known-issues.json, or narrow its kernels',
  );
});

test("a run's record counts, not the baseline of its cell", () => {
  expect(review([cell('debian-6.1', fine)], [cell('debian-6.1', broken)])).toContain(
    'is no longer needed',
  );
});

test('an issue whose cells are neither run nor on record is not judged', () => {
  expect(review([cell('debian-7.2', fine)], [cell('debian-7.2', fine)])).toBe('not judged');
  expect(review([], [])).toBe('not judged');
});

test('an issue whose register was not asked and is not on record is not judged', () => {
  expect(review([cell('debian-6.1', row('untested'))], [])).toBe('not judged');
  expect(review([cell('debian-6.1', row('error'))], [cell('debian-6.1', fine)])).toBe('not judged');
});

test('an issue whose register was not asked is judged by what is on record', () => {
  const run = [cell('debian-6.1', row('untested'))];
  expect(review(run, [cell('debian-6.1', broken)])).toBe('needed');
  expect(review(run, [cell('debian-6.1', fine)])).toContain('is no longer needed');
});

test('an issue of several registers waits for those that were not asked', () => {
  const changes = { registers: ['*'] } satisfies Partial<KnownIssue>;
  expect(review([cell('debian-6.1', fine, row('untested'))], [], changes)).toBe('not judged');
  expect(review([cell('debian-6.1', fine, row('absent'))], [], changes)).toContain(
    'no register of * breaks the rule put-back',
  );
});

test('an issue of the baseline rule is judged only where its cells were run', () => {
  const changes = { rule: 'baseline' } satisfies Partial<KnownIssue>;
  const baselines = [cell('debian-6.1', fine), cell('debian-6.12', fine)];
  expect(review([cell('debian-6.1', fine)], baselines, changes)).toBe('not judged');
  expect(review([cell('debian-6.1', broken)], baselines, changes)).toBe('needed');
  expect(review(baselines, baselines, changes)).toContain('is no longer needed');
});

test('an issue of the monotonic rule is judged where there is an older kernel', () => {
  const changes = { rule: 'monotonic' } satisfies Partial<KnownIssue>;
  const absent = row('absent');
  expect(review([cell('debian-6.12', absent)], [], changes)).toBe('not judged');
  expect(review([cell('debian-6.12', absent)], [cell('debian-6.1', fine)], changes)).toBe('needed');
  expect(review([cell('debian-6.12', fine)], [cell('debian-6.1', fine)], changes)).toContain(
    'is no longer needed',
  );
});

test('hardware, which may be anything, makes no issue unneeded', () => {
  expect(review([cell('running', fine)], [])).toBe('not judged');
});
