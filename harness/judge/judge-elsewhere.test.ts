import { expect, test } from '@playwright/test';
import { record, row } from '../record/record.fixture.js';
import { issueVerdicts, judgeRun } from './judge-cell.js';
import { judgeElsewhere } from './judge-elsewhere.js';
import type { KnownIssue } from './known-issues.generated.js';
import { unneededIssues } from './unneeded-issues.js';

const ISSUE: KnownIssue = {
  id: 'lpcr-get-only',
  registers: ['LPCR'],
  kernels: ['*'],
  platforms: ['powernv*'],
  rule: 'put-back',
  cause: 'kernel',
  what: 'Putting back the value just got answers EINVAL.',
  source: 'arch/powerpc/kvm/book3s_hv.c kvmppc_set_one_reg_hv',
};
const range = (version: string, registers = {}) => ({
  ...{ from: version, to: version },
  differs: Object.keys(registers).length === 0 ? [] : [{ reason: 'older', registers }],
});
const BASELINE = {
  ...record({ kernel: '6.1', qemu: '10.0.2' }, { LPCR: row('exact') }),
  emulators: [range('7.2.22', { LPCR: row('get-only') }), range('10.0.2'), range('11.1.3')],
};

test('a flaw that a kernel shows under another QEMU alone is judged as its own', () => {
  const cells = judgeElsewhere([BASELINE]);
  expect(cells.map(({ record: { machine } }) => machine.qemu)).toEqual(['7.2.22']);
  expect(cells.flatMap((cell) => issueVerdicts(ISSUE, cell))).toEqual([
    expect.objectContaining({ register: 'LPCR', rule: 'put-back' }),
  ]);
});

test('a known issue that only another QEMU shows is needed', () => {
  const own = judgeRun([], [BASELINE]);
  expect(unneededIssues([ISSUE], own).unneeded).toHaveLength(1);
  expect(unneededIssues([ISSUE], [...own, ...judgeElsewhere([BASELINE])]).unneeded).toEqual([]);
});
