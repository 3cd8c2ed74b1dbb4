import { expect, test } from '@playwright/test';
import { lateTurnsText } from './late-turns.js';

test('guests that the emulator let go on are reported with what brought them back', () => {
  expect(lateTurnsText('debian-6.12/pseries-p11-papr', '10.0.2', [])).toBeUndefined();
  expect(
    lateTurnsText('debian-6.12/pseries-p11-papr', '10.0.2', [
      { request: 'RUN', nudges: 1, tookMs: 612 },
      { request: 'PUT_WHILE_RUNNING', nudges: 3, tookMs: 1604 },
    ]),
  ).toBe(
    'debian-6.12/pseries-p11-papr: emulator: QEMU 10.0.2 let 2 guests go on (RUN, PUT_WHILE_RUNNING; a lost hypervisor decrementer), brought back by 4 requests, after 1604 ms at most; no verdict speaks of it',
  );
});
