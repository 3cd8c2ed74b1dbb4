import { expect, test } from '@playwright/test';
import { record, row } from '../../harness/record/record.fixture.js';
import { feedOf, smallRows } from '../testing/feeds.js';
import { clusterDifferences, compareColumns } from './comparison.js';
import { valueText } from './extra-fields.js';
import { historyOf } from './history.js';
import type { Column, Matrix, Row } from './matrix.js';
import { buildMatrix, columnNamed, rowNamed } from './matrix.js';
import { listed, nameRanges, runAgainCommand } from './words.js';

const matrix = buildMatrix(feedOf());

function column(name: string, of: Matrix = matrix): Column {
  const found = columnNamed(of, name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function rowOf(name: string): Row {
  const found = rowNamed(matrix, name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const compared = (a: string, b: string, of: Matrix = matrix): string[] =>
  compareColumns(of, of.rows, column(a, of), column(b, of)).map(
    ({ kind, row: { register }, sentence }) => `${kind} ${register.name}: ${sentence}`,
  );

test('two columns are compared in words, and the names are as short as they can be', () => {
  expect(compared('debian-6.1/powernv9', 'debian-6.12/powernv9')).toEqual([
    'gained DEXCR: absent (EINVAL) in debian-6.1, exact in debian-6.12',
    'state MMCR3: lost in debian-6.1, exact in debian-6.12',
    'detail LPCR: writable 0x0000000002020000 in debian-6.1, writable 0x0000000003820000 in debian-6.12',
  ]);
  expect(compared('debian-6.1/powernv8', 'debian-6.1/powernv9')).toEqual([
    'detail LPCR: writable 0x0000000003820000 in powernv8, writable 0x0000000002020000 in powernv9',
  ]);
});

test('what is no longer there comes first', () => {
  const found = compared('debian-6.12/powernv8', 'debian-6.1/powernv9');
  expect(found[0]).toBe(
    'gone DEXCR: exact in debian-6.12/powernv8, absent (EINVAL) in debian-6.1/powernv9',
  );
});

test('registers that differ in the same way make one cluster', () => {
  const gone = Object.fromEntries(
    ['FPR0', 'FPR1', 'FPR2', 'MMCR0'].map((name) => [name, row('absent')]),
  );
  const other = buildMatrix(
    feedOf([
      record({ kernel: 'debian-6.1' }, smallRows()),
      record({ kernel: 'debian-6.12' }, smallRows(gone)),
    ]),
  );
  const [a, b] = [column('debian-6.1/powernv9', other), column('debian-6.12/powernv9', other)];
  const clusters = clusterDifferences(compareColumns(other, other.rows, a, b));
  expect(
    clusters.map(({ sentence, found }) => [
      sentence,
      nameRanges(found.map((difference) => difference.row)).map(({ label }) => label),
    ]),
  ).toEqual([['exact in debian-6.1, absent (EINVAL) in debian-6.12', ['MMCR0', 'FPR0-2']]]);
});

test('a field of a later probe is compared by its name', () => {
  const agrees = (audit: object): Record<string, never> =>
    ({ MMCR0: { ...row('exact'), audit } }) as never;
  const other = buildMatrix(
    feedOf([
      record({ kernel: 'debian-6.1' }, smallRows(agrees({ reads: false }))),
      record({ kernel: 'debian-6.12' }, smallRows(agrees({ reads: true }))),
    ]),
  );
  expect(compared('debian-6.1/powernv9', 'debian-6.12/powernv9', other)).toEqual([
    'detail MMCR0: audit reads no in debian-6.1, audit reads yes in debian-6.12',
  ]);
});

test('one command asks both columns; a build is chosen as a build, an own file by a path', () => {
  expect(
    runAgainCommand([column('debian-6.1/powernv9'), column('debian-6.12/powernv9')], 'LPCR'),
  ).toBe('npx sprmatrix run --kernel=debian-6.1,debian-6.12 --platform=powernv9 --register=LPCR');
  const others = buildMatrix(
    feedOf(['build-6.1', 'file-7.0-1a2b'].map((kernel) => record({ kernel }, smallRows()))),
  );
  expect(others.columns.map((one) => runAgainCommand([one]))).toEqual([
    'npx sprmatrix run --kernel=build-6.1 --platform=powernv9',
    'npx sprmatrix run --kernel=./vmlinux --platform=powernv9',
  ]);
});

test('a history joins kernels that answer alike, and keeps what was not recorded apart', () => {
  const { kernels, lines } = historyOf(matrix, rowOf('MMCR3'));
  expect(kernels.map(({ id }) => id)).toEqual(['debian-6.1', 'debian-6.12', 'debian-7.2']);
  expect(
    lines.map(({ platform, spans }) => [
      platform.id,
      spans.map(({ from, to, answer, columns }) => [from, to, answer?.support, columns.length]),
    ]),
  ).toEqual([
    [
      'powernv8',
      [
        [0, 0, 'lost', 1],
        [1, 1, 'exact', 1],
        [2, 2, undefined, 0],
      ],
    ],
    [
      'powernv9',
      [
        [0, 0, 'lost', 1],
        [1, 2, 'exact', 2],
      ],
    ],
  ]);
});

test('any value of a later field has words', () => {
  expect(valueText({ agrees: true, bits: '0x0f', victims: ['A', 'B'], none: null })).toBe(
    'agrees yes, bits 0x0f, victims A, B, none none',
  );
  expect([valueText([]), valueText({}), valueText(3)]).toEqual(['none', 'none', '3']);
});

test('a long list of names ends with how many more there are', () => {
  expect(listed(['a', 'b'])).toBe('a, b');
  expect(listed(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
});
