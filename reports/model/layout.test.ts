import { expect, test } from '@playwright/test';
import { record, row } from '../../harness/record/record.fixture.js';
import { feedOf, SMALL_RECORDS, smallRows } from '../testing/feeds.js';
import { absentRows, countDiffering, uniformGroups, variantsOf } from './layout.js';
import { columnBands } from './column-sets.js';
import { lookOver, setLookText, sumLooks } from './looks.js';
import type { Matrix } from './matrix.js';
import type { ColumnOrder } from './view.js';
import { buildMatrix, rowNamed } from './matrix.js';

const matrix = buildMatrix(feedOf());

const bandsText = (order: ColumnOrder, open: readonly string[] = []): string[] =>
  columnBands(matrix.columns, order, open).map(({ title, sets }) =>
    [`${title}:`, ...sets.map(({ columns }) => columns.map(({ name }) => name).join('+'))].join(
      ' ',
    ),
  );

const variants = (of: Matrix, name: string): number[] => {
  const found = rowNamed(of, name);
  return found === undefined ? [] : [...variantsOf(of, found, of.columns).values()];
};

test('columns stand under their kernels, or under their platforms', () => {
  expect(bandsText('kernel')).toEqual([
    'debian-6.1: debian-6.1/powernv8 debian-6.1/powernv9',
    'debian-6.12: debian-6.12/powernv8 debian-6.12/powernv9',
    'debian-7.2: debian-7.2/powernv9',
  ]);
  expect(bandsText('platform')).toEqual([
    'powernv8: debian-6.1/powernv8 debian-6.12/powernv8',
    'powernv9: debian-6.1/powernv9 debian-6.12/powernv9 debian-7.2/powernv9',
  ]);
});

test('a kernel is one column until it is unfolded', () => {
  expect(bandsText('folded', ['debian-6.12'])).toEqual([
    '6.1: debian-6.1/powernv8+debian-6.1/powernv9',
    'debian-6.12: debian-6.12/powernv8 debian-6.12/powernv9',
    '7.2: debian-7.2/powernv9',
  ]);
});

test('the reader’s own stand before baselines, in every order, and are marked', () => {
  const own = record({ kernel: 'debian-6.12', platform: 'powernv9' }, smallRows());
  const both = buildMatrix(feedOf([...SMALL_RECORDS], { records: [own], source: 'both' }));
  const firstOf = (order: ColumnOrder): [string, string, boolean] => {
    const [band] = columnBands(both.columns, order);
    const [set] = band?.sets ?? [];
    return [
      band?.title ?? '',
      set?.columns.map(({ name }) => name).join() ?? '',
      set?.isOwn === true,
    ];
  };
  expect(firstOf('folded')).toEqual(['yours', 'debian-6.12/powernv9', true]);
  expect(firstOf('kernel')).toEqual(['debian-6.12', 'debian-6.12/powernv9', true]);
  expect(firstOf('platform')).toEqual(['powernv9', 'debian-6.12/powernv9', true]);
  const titles = columnBands(both.columns, 'folded').map(({ title }) => title);
  expect(titles).toEqual(['yours', '6.1', '6.12', '7.2']);
  const alone = buildMatrix(feedOf([], { records: [own], source: 'records' }));
  expect(columnBands(alone.columns, 'folded').map(({ title }) => title)).toEqual(['6.12']);
});

test('a column of several cells shows the worst of them, and of how many it is', () => {
  const row = rowNamed(matrix, 'MMCR3');
  if (row === undefined) throw new Error('the small feed has it');
  const worst = lookOver(matrix, row, matrix.columns, 'verdict');
  expect(setLookText(worst)).toBe('kernel bug on 2 of 5 platforms');
  expect(setLookText(lookOver(matrix, row, matrix.columns, 'one-reg'))).toBe(
    'lost on 2 of 5 platforms',
  );
});

test('rows that no cell has are known', () => {
  const nothing = { MMCR0: row('absent'), MMCR3: row('untested') };
  const feed = feedOf([record({ kernel: 'debian-6.1' }, smallRows(nothing))]);
  const small = buildMatrix(feed);
  const names = [...absentRows(small, small.rows, small.columns)].map((one) => one.register.name);
  expect(names).toEqual(['MMCR0', 'MMCR3']);
});

test("a group's sum counts its members by look, the worst first", () => {
  const [column] = matrix.columns;
  const members = matrix.groups.get('pmu');
  if (column === undefined || members === undefined) throw new Error('the small feed has both');
  const sum = sumLooks(matrix, members, [column], 'one-reg');
  expect(sum.map(({ look, count }) => `${count} ${look.name}`)).toEqual(['1 lost', '1 exact']);
});

test('answers of one state are told apart within a row, those of other states start again', () => {
  expect(variants(matrix, 'LPCR')).toEqual([1, 2, 1, 1, 1]);
  expect(variants(matrix, 'MMCR3')).toEqual([1, 1, 1, 1, 1]);
});

test('a note or a reason of ours makes no other answer', () => {
  const noted = smallRows({ MMCR0: row('exact', { note: 'in other words' }) });
  const other = buildMatrix(
    feedOf([
      record({ kernel: 'debian-6.1' }, smallRows({ MMCR0: row('exact') })),
      record({ kernel: 'debian-6.12' }, noted),
    ]),
  );
  expect(variants(other, 'MMCR0')).toEqual([1, 1]);
});

test('a field of a later probe makes another answer', () => {
  const audit = smallRows({ MMCR0: { ...row('exact'), audit: 'differs' } as never });
  const other = buildMatrix(
    feedOf([
      record({ kernel: 'debian-6.1' }, smallRows({ MMCR0: row('exact') })),
      record({ kernel: 'debian-6.12' }, audit),
    ]),
  );
  expect(variants(other, 'MMCR0')).toEqual([1, 2]);
});

test('a register that was not asked, or that the harness failed at, differs from nothing', () => {
  const mixed = buildMatrix(
    feedOf([
      record({ kernel: 'debian-6.1' }, smallRows({ MMCR0: row('untested') })),
      record({ kernel: 'debian-6.12' }, smallRows({ MMCR0: row('error') })),
      record({ kernel: 'debian-7.2' }, smallRows()),
    ]),
  );
  expect(countDiffering(mixed, mixed.rows, mixed.columns)).toBe(0);
});

test('a large group whose members all answer alike begins folded', () => {
  expect([...uniformGroups(matrix)]).toEqual(['fpr']);
});
