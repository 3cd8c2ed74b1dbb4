import { expect, test } from '@playwright/test';
import { parseImage } from '../../record/guest-image.js';
import type { ImageOrigin } from './image-of-guest.js';
import { fromImage, toImage } from './image-of-guest.js';
import type { SavedGuest } from './save-guest.js';

const ON_LITTLE: ImageOrigin = {
  cell: { kernel: 'debian-6.1', platform: 'powernv9' },
  kernel: {
    ...{ release: '6.1.0', version: '#1', package: null, sha256: null },
    ...{ byteOrder: 'little', pageSize: 65536 },
  },
  machine: { qemu: '7.2.22', machine: 'powernv9', cpu: 'POWER9' },
  kvm: { flavour: 'HV' },
};
const ON_BIG: ImageOrigin = { ...ON_LITTLE, kernel: { ...ON_LITTLE.kernel, byteOrder: 'big' } };

const SAVED: SavedGuest = {
  registers: new Map([
    ['DSCR', 0x5n],
    ['VSR0', 0x1_0000_0000_0000_0002n],
    ['VPA_SLB', 0x100_0000_0000_0000_5000n],
  ]),
  seen: new Map([['DSCR', 0x6n]]),
  untouched: new Set(['HIOR']),
};

test('the image of a guest is the same on hosts of both byte orders', () => {
  const image = toImage(SAVED, ON_LITTLE, 'little');
  expect(image.registers).toEqual({
    DSCR: '0x0000000000000005',
    VSR0: '0x00000000000000010000000000000002',
    VPA_SLB: '0x00000000000001000000000000005000',
  });
  expect(toImage(SAVED, ON_BIG, 'little').registers).toEqual(image.registers);
  expect(image.guest).toEqual({ byteOrder: 'little', seen: { DSCR: '0x0000000000000006' } });
});

test('a guest is restored as it was saved', () => {
  expect(fromImage(toImage(SAVED, ON_BIG, 'little'))).toEqual(SAVED);
});

test('an image follows its schema, and a register that is not known here is left out', () => {
  const image = toImage(SAVED, ON_LITTLE, 'little');
  const newer = { ...image, registers: { ...image.registers, NEWREG: '0x00000001' } };
  expect(fromImage(parseImage(JSON.stringify(newer), 'x.json'))).toEqual(SAVED);
});
