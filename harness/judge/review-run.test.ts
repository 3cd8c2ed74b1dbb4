import { expect, test } from '@playwright/test';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import type { KnownIssue } from './known-issues.generated.js';
import { record, row } from '../record/record.fixture.js';
import { unneededByRun } from './review-run.js';

/** An issue that no baseline of the repository can need: there is no such kernel. */
const ISSUE: KnownIssue = {
  id: 'lpcr-get-only',
  registers: ['LPCR'],
  kernels: ['debian-99.*'],
  platforms: ['*'],
  rule: 'put-back',
  cause: 'kernel',
  what: 'Putting back the value just got answers EINVAL.',
  source: 'arch/powerpc/kvm/book3s_hv.c kvmppc_set_one_reg_hv',
};

const cell = (kernel: string, lpcr: RegisterRecord): CellRecord =>
  record({ kernel }, { DSCR: row('exact'), LPCR: lpcr });

/** The ids of the issues that are not needed, of a run that has asked a register besides DSCR. */
async function unneeded(lpcr: RegisterRecord, baseline = row('exact')): Promise<string[]> {
  const baselines = [cell('debian-99.2', baseline)];
  const found = await unneededByRun([cell('debian-99.1', lpcr)], [ISSUE], baselines);
  return found.map(({ issue }) => issue.id);
}

test('a run that finds a register mended tells that its issue is not needed', async () => {
  expect(await unneeded(row('exact'))).toEqual(['lpcr-get-only']);
});

test('an issue is needed by a cell of the run, or by one that is on record', async () => {
  expect(await unneeded(row('get-only'))).toEqual([]);
  expect(await unneeded(row('exact'), row('get-only'))).toEqual([]);
});

test('a run that asked none of its registers says nothing of an issue', async () => {
  const onRecord = [cell('debian-99.1', row('exact'))];
  const run = [cell('debian-99.1', row('untested'))];
  expect(await unneededByRun(run, [ISSUE], onRecord)).toEqual([]);
});
