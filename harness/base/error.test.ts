import { expect, test } from '@playwright/test';
import { describeError, messageOf, SprmatrixError } from './error.js';

test('describe() tells message, cause, evidence, logs, the command and the hint, in that order', () => {
  const error = new SprmatrixError({
    code: 'QEMU_EXITED',
    message: 'debian-6.1/powernv9: QEMU ended with status 1',
    cause: new Error('no memory'),
    evidence: ['[    0.1] first', '[    0.2] last'],
    logs: ['out/console.log', 'out/qemu.log'],
    reproduce: 'npx sprmatrix run --kernel=debian-6.1 --platform=powernv9',
    hint: 'free some memory',
  });
  expect(error.describe()).toBe(
    [
      'debian-6.1/powernv9: QEMU ended with status 1',
      '  cause: no memory',
      '  evidence:',
      '    | [    0.1] first',
      '    | [    0.2] last',
      '  log: out/console.log',
      '  log: out/qemu.log',
      '  again: npx sprmatrix run --kernel=debian-6.1 --platform=powernv9',
      '  hint: free some memory',
    ].join('\n'),
  );
});

test('an error without details is described by its message alone', () => {
  const error = new SprmatrixError({ code: 'X', message: 'it failed' });
  expect(error.describe()).toBe('it failed');
  expect([error.kind, error.evidence, error.logs]).toEqual(['harness', [], []]);
});

test('describeError() tells all of our errors and the message of others', () => {
  const ours = new SprmatrixError({ code: 'X', message: 'it failed', hint: 'try again' });
  expect(describeError(ours)).toBe('it failed\n  hint: try again');
  expect(describeError(new TypeError('no function'))).toBe('no function');
  expect(describeError('thrown text')).toBe('thrown text');
  expect(messageOf(undefined)).toBe('undefined');
});
