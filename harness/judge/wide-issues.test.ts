import { expect, test } from '@playwright/test';
import { record, row } from '../record/record.fixture.js';
import type { KnownIssue } from './known-issues.generated.js';
import { measuredCells, unshownIssues, wideIssues } from './wide-issues.js';

const ISSUE: KnownIssue = {
  id: 'mmcr3-put-lost',
  registers: ['MMCR3'],
  kernels: ['<=6.1'],
  platforms: ['powernv*'],
  rule: 'put-lost',
  cause: 'kernel',
  what: 'a put of MMCR3 succeeds and does nothing.',
  source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_one_reg_hv, KVM_REG_PPC_MMCR3',
};

const BASELINES = [
  record({ kernel: 'debian-6.1' }, { MMCR3: row('lost'), SIER2: row('exact') }),
  record({ kernel: 'debian-6.12' }, { MMCR3: row('exact'), SIER2: row('exact') }),
  record(
    { kernel: 'debian-6.1', platform: 'powernv8-pr' },
    { MMCR3: row('absent'), SIER2: row('absent') },
  ),
];

const wide = (changes: Partial<KnownIssue> = {}): readonly string[] =>
  wideIssues([{ ...ISSUE, ...changes }], measuredCells(BASELINES));

test('an issue that every kernel of its range shows is no wider than that', () => {
  expect(wide()).toEqual([]);
});

test('a kernel that an issue names, and none of whose cells shows it, is named', () => {
  expect(wide({ kernels: ['*'] })).toEqual([
    'known issue "mmcr3-put-lost" is wider than what shows it: nothing of the kernel debian-6.12 breaks the rule put-lost (MMCR3); narrow its kernels in matrix/known-issues.json',
  ]);
});

test('a register that an issue names, and that keeps the rule everywhere, is named', () => {
  expect(wide({ registers: ['MMCR3', 'SIER2'] })).toEqual([
    'known issue "mmcr3-put-lost" is wider than what shows it: nothing of the register SIER2 breaks the rule put-lost (MMCR3, SIER2); narrow its registers in matrix/known-issues.json',
  ]);
});

test('a cell that does not have the register says nothing', () => {
  expect(wide({ platforms: ['*'] })).toEqual([]);
});

test('a hostile check that an issue names, and that keeps the rule everywhere, is named', () => {
  const unexpected = {
    count: 1,
    first: [{ call: 'a call', expected: 'EINVAL', got: 'ok' }] as [
      { call: string; expected: string; got: string },
    ],
  };
  const hostile = {
    ...{ ids: 1000, seed: 1 },
    checks: { race: { answers: { ok: 1 } }, sizes: { answers: { ok: 1 }, unexpected } },
  };
  const cells = measuredCells([{ ...record(), hostile }]);
  const issue = (checks: [string, ...string[]]): KnownIssue => {
    const { registers, ...rest } = ISSUE;
    expect(registers).toBeDefined();
    return { ...rest, checks, kernels: ['*'], rule: 'hostile-refused' };
  };
  expect(wideIssues([issue(['sizes'])], cells)).toEqual([]);
  expect(wideIssues([issue(['sizes', 'race'])], cells)).toEqual([
    'known issue "mmcr3-put-lost" is wider than what shows it: nothing of the check race breaks the rule hostile-refused (sizes, race); narrow its checks in matrix/known-issues.json',
  ]);
});

test('an issue that nothing on record shows is named, but for those of states', () => {
  const cells = measuredCells(BASELINES);
  const unshown = (changes: Partial<KnownIssue>): readonly string[] =>
    unshownIssues([{ ...ISSUE, ...changes }], cells);
  expect(unshown({})).toEqual([]);
  expect(unshown({ kernels: ['>=7.4'] })).toEqual([
    'known issue "mmcr3-put-lost" is shown by nothing on record: no baseline of its cells breaks the rule put-lost',
  ]);
  expect(unshown({ rule: 'exits-kept' })).toEqual([]);
});
