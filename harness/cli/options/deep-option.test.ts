import { expect, test } from '@playwright/test';
import { SprmatrixError } from '../../base/error.js';
import { requireWholeDeep } from './deep-option.js';

test('a deep run asks every register', () => {
  expect(() => {
    requireWholeDeep({ deep: true, register: ['LPCR', 'MMCR*'] });
  }).toThrow(
    new SprmatrixError({
      code: 'DEEP_PART',
      kind: 'usage',
      message: '--deep asks every register, but --register=LPCR,MMCR* asks for some',
      hint: 'leave out one of the two',
    }),
  );
  requireWholeDeep({ deep: true, register: [] });
  requireWholeDeep({ deep: false, register: ['LPCR'] });
});
