import { expect, test } from '@playwright/test';
import { sealed, sealFault } from './seal.js';

const TEXT = '{\n  "format": 1,\n  "rows": { "DSCR": "exact" }\n}\n';

test('a file that was written is as its seal says, however it is laid out', () => {
  expect(sealed(TEXT)).toMatch(/,\n {2}"seal": "[0-9a-f]{16}"\n\}\n$/);
  expect(sealFault(sealed(TEXT))).toBeUndefined();
  expect(sealFault(JSON.stringify(JSON.parse(sealed(TEXT))))).toBeUndefined();
});

test('a file that was edited since, or has no seal, is not', () => {
  expect(sealFault(sealed(TEXT).replace('exact', 'lost'))).toBe('its seal is of another content');
  expect(sealFault(TEXT)).toBe('it has no seal');
});
