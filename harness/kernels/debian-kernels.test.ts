import { expect, test } from '@playwright/test';
import { kernelsOfSuite, newestOfEachLine } from './debian-kernels.js';
import { kernelSources } from './kernel-sources.js';
import { parsePackageIndex } from '../debian/package-index.js';
import { BACKPORTS, BOOKWORM, EXPERIMENTAL } from './testing/indexes.js';

const { debian } = kernelSources();
const kernelsIn = (suite: string, text: string): ReturnType<typeof kernelsOfSuite> =>
  kernelsOfSuite(suite, parsePackageIndex(text), debian);

test('the newest version of a line wins; debug symbols and metapackages are no kernels', () => {
  expect(newestOfEachLine(kernelsIn('bookworm', BOOKWORM))).toEqual([
    {
      id: 'debian-6.1',
      line: '6.1',
      version: '6.1.176',
      variant: '',
      source: {
        kind: 'debian',
        suite: 'bookworm',
        packages: [
          {
            name: 'linux-image-6.1.0-50-powerpc64le',
            version: '6.1.176-1',
            filename: 'pool/main/l/linux/linux-image-6.1.0-50-powerpc64le_6.1.176-1_ppc64el.deb',
            size: 49160448,
            sha256: 'b'.repeat(64),
          },
        ],
        older: [
          {
            version: '6.1.170',
            suite: 'bookworm',
            packages: [expect.objectContaining({ version: '6.1.170-3' })],
          },
        ],
      },
    },
  ]);
});

test('the newest version wins over suites too, whichever was read first', () => {
  const stable = kernelsIn('bookworm', BOOKWORM);
  const newer = kernelsIn('sid', BOOKWORM.replaceAll('6.1.176-1', '6.1.180-1'));
  for (const found of [
    [...stable, ...newer],
    [...newer, ...stable],
  ]) {
    const [kernel] = newestOfEachLine(found);
    expect(kernel?.version).toBe('6.1.180');
    expect(kernel?.source.suite).toBe('sid');
  }
});

test('a page size is a variant with an id of its own', () => {
  const kernels = newestOfEachLine(kernelsIn('bookworm-backports', BACKPORTS));
  expect(kernels.map(({ id, line, variant }) => ({ id, line, variant }))).toEqual([
    { id: 'debian-6.12', line: '6.12', variant: '' },
    { id: 'debian-6.12-64k', line: '6.12', variant: '64k' },
  ]);
});

test('a kernel in parts is fetched as its parts; a release candidate is a line', () => {
  const [kernel] = newestOfEachLine(kernelsIn('experimental', EXPERIMENTAL));
  expect(kernel?.id).toBe('debian-7.3');
  expect(kernel?.version).toBe('7.3-rc7');
  expect(kernel?.source.packages.map(({ name }) => name)).toEqual([
    'linux-binary-7.3-powerpc64le',
    'linux-modules-7.3-powerpc64le',
  ]);
});

test('a kernel one of whose parts is not there is left out and told', () => {
  const packages = parsePackageIndex(EXPERIMENTAL).filter(
    ({ name }) => !name.startsWith('linux-modules'),
  );
  const told: string[] = [];
  const kernels = kernelsOfSuite('experimental', packages, debian, (image, missing) => {
    told.push(`${image} needs ${missing}`);
  });
  expect(kernels).toEqual([]);
  expect(told).toEqual(['linux-image-7.3-powerpc64le needs linux-modules-7.3-powerpc64le']);
});

test('lines are ordered by number, not by text', () => {
  const found = [
    ...kernelsIn('experimental', EXPERIMENTAL),
    ...kernelsIn('bookworm-backports', BACKPORTS),
    ...kernelsIn('bookworm', BOOKWORM),
  ];
  expect(newestOfEachLine(found).map(({ id }) => id)).toEqual([
    'debian-6.1',
    'debian-6.12',
    'debian-6.12-64k',
    'debian-7.3',
  ]);
});

test('a stanza that cannot be fetched is left out', () => {
  expect(parsePackageIndex('Package: linux-image-6.1.0-50-powerpc64le\nVersion: 6.1\n')).toEqual(
    [],
  );
  expect(parsePackageIndex(BOOKWORM.replaceAll(/^SHA256:.*\n/gm, ''))).toEqual([]);
  expect(parsePackageIndex('')).toEqual([]);
});
