import { expect, test } from '@playwright/test';
import { errorOf } from '../../base/testing/errors.js';
import { requireWholeTable } from './selector-options.js';

test('a baseline is made of every register or not at all', () => {
  expect(() => {
    requireWholeTable([]);
  }).not.toThrow();
  const error = errorOf(() => {
    requireWholeTable(['LPCR', 'MMCR*']);
  });
  expect([error.code, error.kind, error.describe()]).toEqual([
    'BASELINE_PART',
    'usage',
    '--update-baseline writes every register, but --register=LPCR,MMCR* asks for some\n  hint: leave out one of the two',
  ]);
});
