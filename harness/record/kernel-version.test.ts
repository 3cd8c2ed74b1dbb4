import { expect, test } from '@playwright/test';
import type { RecordChanges } from './record.fixture.js';
import { record } from './record.fixture.js';
import { compareKernels, kernelVersion, olderRecords } from './kernel-version.js';

const debian = (kernel: string, version: string, changes: RecordChanges = {}) =>
  record({ kernel, release: `${version}-powerpc64le`, package: null, ...changes });

const packaged = { name: 'linux-image', version: '6.12.95-1~bpo12+1' };

const VERSIONS: readonly (readonly [release: string, version: string | null, found: string])[] = [
  ['6.1.0-50-powerpc64le', '6.1.176-1', '6.1.176'],
  ['6.12.95+deb12-powerpc64le-64k', '6.12.95-1~bpo12+1', '6.12.95'],
  ['7.3-rc3-powerpc64le', '7.3~rc3-1~exp1', '7.3.0'],
  ['6.12.0-mine', null, '6.12.0'],
  ['6.12.0-mine', '1.0', '6.12.0'],
  ['mine', '6.1.176-1', 'undefined'],
  ['mine-powerpc64le', null, 'undefined'],
];

for (const [release, version, found] of VERSIONS) {
  test(`release ${release} of package version ${version ?? 'none'} is version ${found}`, () => {
    const ofPackage = version === null ? null : { name: 'linux-image', version };
    expect(String(kernelVersion(record({ release, package: ofPackage })))).toBe(found);
  });
}

test('kernels are ordered by version, those without one last', () => {
  const records = [
    debian('mine', 'mine'),
    debian('debian-6.12', '6.12.95'),
    debian('also-mine', 'mine'),
    debian('debian-6.1', '6.1.0-50'),
    debian('debian-5.10', '5.10.0-30'),
  ];
  expect(records.sort(compareKernels).map(({ cell }) => cell.kernel)).toEqual([
    'debian-5.10',
    'debian-6.1',
    'debian-6.12',
    'also-mine',
    'mine',
  ]);
});

const ids = (records: readonly ReturnType<typeof record>[]): string[] =>
  records.map(({ cell }) => `${cell.kernel}/${cell.platform}`);

test('older records are of the same platform, nearest first', () => {
  const candidates = [
    debian('debian-5.10', '5.10.0'),
    debian('debian-6.1', '6.1.0'),
    debian('debian-6.1', '6.1.0', { platform: 'powernv8' }),
    debian('debian-6.12', '6.12.95'),
    debian('debian-7.2', '7.2.13'),
  ];
  expect(ids(olderRecords(debian('debian-6.12', '6.12.95'), candidates))).toEqual([
    'debian-6.1/powernv9',
    'debian-5.10/powernv9',
  ]);
});

test('older records have the same page size where there are any', () => {
  const candidates = [
    debian('debian-6.1', '6.1.0', { pageSize: 65536 }),
    debian('debian-6.12', '6.12.95', { pageSize: 4096 }),
  ];
  const older = (pageSize: number, among = candidates): string[] =>
    ids(olderRecords(debian('debian-7.2', '7.2.13', { pageSize }), among));
  expect(older(65536)).toEqual(['debian-6.1/powernv9']);
  expect(older(4096)).toEqual(['debian-6.12/powernv9']);
  expect(older(65536, candidates.slice(1))).toEqual(['debian-6.12/powernv9']);
});

test("a user's own kernel is compared with packaged ones of its own line", () => {
  const candidates = [
    debian('debian-6.1', '6.1.0', { package: { name: 'linux-image', version: '6.1.176-1' } }),
    debian('debian-6.12', '6.12.95', { package: packaged }),
    debian('debian-7.2', '7.2.13', { package: { name: 'linux-image', version: '7.2.13-1' } }),
  ];
  expect(ids(olderRecords(debian('vmlinux', '6.12.0-mine'), candidates))).toEqual([
    'debian-6.12/powernv9',
    'debian-6.1/powernv9',
  ]);
});

test('a kernel without a version has no older ones', () => {
  const candidates = [debian('debian-6.1', '6.1.0')];
  expect(olderRecords(debian('vmlinux', 'mine'), candidates)).toEqual([]);
});
