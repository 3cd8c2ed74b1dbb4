import { expect, test } from '@playwright/test';
import { loadPlatforms } from '../machine/platforms.js';
import { record } from '../record/record.fixture.js';
import type { KnownCells } from './cells-on-record.js';
import { cellFaults } from './cells-on-record.js';

const baseline = record({ kernel: 'debian-6.1', platform: 'powernv9' });
const platforms = loadPlatforms().filter(({ id }) => id === 'powernv9');
const known = (changes: Partial<KnownCells>): KnownCells => ({
  ...{ platforms, builds: [], times: {} },
  ...changes,
});

test('a cell that ran, and that platforms.json lets run, is no fault', () => {
  expect(cellFaults([baseline], known({ times: { 'debian-6.1/powernv9': 1000 } }))).toEqual([]);
});

test('a baseline of a cell that platforms.json says never runs is a fault', () => {
  const never = [{ kernels: ['debian-6.1'] as [string], reason: 'it dies' }];
  const excluding = platforms.map((platform) => ({ ...platform, never }));
  expect(cellFaults([baseline], known({ platforms: excluding }))).toEqual([
    'debian-6.1/powernv9: it is on record, and matrix/platforms.json says that it never runs: it dies',
  ]);
  expect(cellFaults([baseline], known({ platforms: [] }))).toEqual([
    'debian-6.1/powernv9: it is on record, and matrix/platforms.json has no powernv9',
  ]);
});

test('a cell that was timed and has no baseline is a fault', () => {
  expect(cellFaults([], known({ times: { 'debian-6.1/powernv9': 1000 } }))).toEqual([
    'debian-6.1/powernv9: matrix/cell-times.json has it, and it has no baseline',
  ]);
});

test('a baseline of a build or a byte order that is not there any more is a fault', () => {
  const build = record({ kernel: 'build-6.1', platform: 'powernv9' });
  expect(cellFaults([build], known({ builds: ['build-6.1'] }))).toEqual([]);
  expect(cellFaults([build], known({}))).toEqual([
    'build-6.1/powernv9: it is on record, and matrix/kernels.json has no build build-6.1',
  ]);
  const little = platforms.map((platform) => ({ ...platform, byteOrders: ['big'] as ['big'] }));
  expect(cellFaults([baseline], known({ platforms: little }))).toEqual([
    'debian-6.1/powernv9: it is on record, and matrix/platforms.json has no little-endian kernels there',
  ]);
});

test('an exclusion of kernels that nobody has is a fault', () => {
  const never = [{ kernels: ['>=7.4'] as [string], reason: 'it dies' }];
  const excluding = platforms.map((platform) => ({ ...platform, never }));
  expect(cellFaults([baseline], known({ platforms: excluding }))).toEqual([
    'powernv9: never: no kernel on record is ">=7.4"',
  ]);
});
