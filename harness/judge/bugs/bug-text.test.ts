import { expect, test } from '@playwright/test';
import { hardwareText } from './bug-text.js';

test('what nobody judged is neither the same on hardware nor otherwise', () => {
  expect(hardwareText(undefined)).toBe('not judged');
  expect(hardwareText({ differs: 'no' })).toBe('the same');
  expect(hardwareText({ differs: 'possibly' })).toBe('possibly otherwise');
});
