import { expect, test } from '@playwright/test';
import { statesThatEnd } from './unasked-states.js';

const COLD = { machine: 'powernv8', isRestored: false };

test('an emulator that ends at a doorbell is asked for none', () => {
  expect(statesThatEnd('7.2.22', COLD)).toEqual({
    doorbells: 'QEMU before 10 ends at a doorbell ("SDOOR exception not implemented")',
  });
  expect(statesThatEnd('10.0.2', COLD)).toEqual({});
});

test('no interrupt controller is made where XIVE was lost with a restored machine', () => {
  const lost = statesThatEnd('10.0.2', { machine: 'powernv9', isRestored: true });
  expect(Object.keys(lost)).toEqual(['doorbells', 'interrupts']);
  const older = { machine: 'powernv8', isRestored: true };
  expect(statesThatEnd('10.0.2', older)).toEqual({});
  expect(statesThatEnd('10.0.2', { machine: 'pseries,x-vof=on', isRestored: true })).toEqual({});
});
