import { expect, test } from '@playwright/test';
import type { CellRecord } from '../record/cell-record.js';
import { record } from '../record/record.fixture.js';
import { findDeviations } from './judge-cell.js';

const withCapabilities = (capabilities: Record<string, number>): CellRecord => {
  const mine = record({ kernel: 'debian-6.1' });
  return { ...mine, kvm: { ...mine.kvm, capabilities } };
};

test('a capability that a kernel loses is a deviation from its baseline', () => {
  const baseline = withCapabilities({ KVM_CAP_ONE_REG: 1, KVM_CAP_PPC_SMT: 8 });
  const mine = withCapabilities({ KVM_CAP_ONE_REG: 1, KVM_CAP_PPC_SMT: 0 });
  expect(findDeviations(mine, { baseline })).toEqual([
    {
      check: 'KVM_CAP_PPC_SMT',
      rule: 'baseline',
      expected: '8',
      actual: '0',
      difference: 'expected 8, got 0 [baseline]',
      message: 'KVM_CAP_PPC_SMT on debian-6.1/powernv9: expected 8, got 0 [baseline]',
    },
  ]);
});

test('a capability that only one of two records keeps is compared with nothing', () => {
  const baseline = withCapabilities({ KVM_CAP_ONE_REG: 1 });
  const mine = withCapabilities({ KVM_CAP_ONE_REG: 1, KVM_CAP_PPC_SMT: 0 });
  expect(findDeviations(mine, { baseline })).toEqual([]);
  expect(findDeviations(baseline, { baseline: mine })).toEqual([]);
});
