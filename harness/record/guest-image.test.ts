import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { GuestImage } from './guest-image.js';
import { parseImage, readImage, writeImage } from './guest-image.js';
import { errorOf, rejectionOf, test } from './record.fixture.js';

const IMAGE: GuestImage = {
  format: 1,
  cell: { kernel: 'debian-6.1', platform: 'powernv9' },
  kernel: {
    ...{ release: '6.1.0', version: '#1', package: null, sha256: null },
    ...{ byteOrder: 'little', pageSize: 65536 },
  },
  machine: { qemu: '7.2.22', machine: 'powernv9', cpu: 'POWER9' },
  kvm: { flavour: 'HV' },
  registers: { DSCR: '0x0000000000000005' },
  untouched: [],
  guest: { byteOrder: 'little', seen: {} },
};

test('an image is read as it was written, by the names of its cell', async ({ folder }) => {
  const path = await writeImage(folder, IMAGE);
  expect(path).toBe(join(folder, 'images', 'debian-6.1', 'powernv9.json'));
  expect(await readImage(path)).toEqual(IMAGE);
});

test('what is no image is reported with the field and what is allowed', () => {
  const broken = { ...IMAGE, registers: { DSCR: 5 } };
  const error = errorOf(() => parseImage(JSON.stringify(broken), 'x.json'));
  expect([error.code, error.message]).toEqual([
    'IMAGE_INVALID',
    'x.json: no image of a guest: registers.DSCR: 5 is not allowed; it must be a string',
  ]);
  expect(errorOf(() => parseImage('{', 'x.json')).message).toBe(
    'x.json:1:2: not JSON: the text ends too early',
  );
});

test('a path without a file is a usage error', async ({ folder }) => {
  const error = await rejectionOf(readImage(join(folder, 'none.json')));
  expect([error.code, error.kind]).toEqual(['IMAGE_NOT_READ', 'usage']);
});

test('a cell that would leave the folder is refused', async ({ folder }) => {
  const strange = { ...IMAGE, cell: { kernel: '../../x', platform: 'powernv9' } };
  expect((await rejectionOf(writeImage(folder, strange))).code).toBe('IMAGE_INVALID');
  await writeFile(join(folder, 'free'), '');
});
