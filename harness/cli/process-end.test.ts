import { expect, test } from '@playwright/test';
import { SprmatrixError } from '../base/error.js';
import { exitCodeOf } from './process-end.js';

test('what a user typed wrong ends with 2, every other error with 3', () => {
  const usage = new SprmatrixError({ code: 'UNKNOWN_KERNEL', kind: 'usage', message: 'no kernel' });
  const harness = new SprmatrixError({ code: 'QEMU_EXITED', message: 'QEMU ended' });
  expect([usage, harness, new TypeError('a defect'), 'text'].map(exitCodeOf)).toEqual([2, 3, 3, 3]);
});
