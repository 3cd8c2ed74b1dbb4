import { expect, test } from '@playwright/test';
import { unaskedStates } from './unasked-states.js';

const COLD = { machine: 'powernv8', isRestored: false };

test('an emulator that ends at a doorbell is asked for none', () => {
  expect(unaskedStates('7.2.22', COLD)).toEqual({
    doorbells: 'QEMU before 10 ends at a doorbell ("SDOOR exception not implemented")',
  });
  expect(unaskedStates('10.0.2', COLD)).toEqual({});
});

test('no interrupt controller is made where XIVE was lost with a restored machine', () => {
  const lost = unaskedStates('10.0.2', { machine: 'powernv9', isRestored: true });
  expect(Object.keys(lost)).toEqual(['interrupts']);
  const older = { machine: 'powernv8', isRestored: true };
  expect(unaskedStates('10.0.2', older)).toEqual({});
  expect(unaskedStates('10.0.2', { machine: 'pseries,x-vof=on', isRestored: true })).toEqual({});
});
