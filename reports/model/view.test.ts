import { expect, test } from '@playwright/test';
import { record } from '../../harness/record/record.fixture.js';
import fc from 'fast-check';
import { SUPPORTS } from '../../harness/record/cell-record.js';
import { feedOf, MEASURED_MIGRATIONS, REFERENCE, smallRows } from '../testing/feeds.js';
import { GUEST_VERDICTS, MIGRATION_VERDICTS } from './filters.js';
import { LENSES } from './looks.js';
import { buildMatrix } from './matrix.js';
import type { Page, View } from './view.js';
import { FIRST_VIEW, formatAddress, parseAddress } from './view.js';

const matrix = buildMatrix(
  feedOf(undefined, { migrations: MEASURED_MIGRATIONS, emulators: REFERENCE }),
);
const kernels = ['debian-6.1', 'debian-6.12', 'debian-7.2'];
const cells = matrix.columns.map(({ name }) => name);

const some = <T extends string>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.subarray([...values]);
const maybe = (values: readonly string[]): fc.Arbitrary<string | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const anyPage: fc.Arbitrary<Page> = fc.oneof(
  fc.constant({ name: 'table' } as const),
  fc.record({
    name: fc.constant('register' as const),
    register: fc.constantFrom('LPCR', 'FPR9'),
    cell: maybe(cells),
  }),
  fc.record({ name: fc.constant('cell' as const), cell: fc.constantFrom(...cells) }),
  fc.record({ name: fc.constant('kernel' as const), kernel: fc.constantFrom(...kernels) }),
  fc.record({ name: fc.constant('platform' as const), platform: fc.constant('powernv9') }),
  fc.record({ name: fc.constant('findings' as const) }),
  fc.record({ name: fc.constant('finding' as const), bug: fc.constant('mmcr3-put-lost') }),
  fc.record({ name: fc.constant('compare' as const), a: maybe(cells), b: maybe(cells) }),
  fc.record({
    name: fc.constant('migration' as const),
    to: maybe(['powernv8', 'powernv9']),
    register: maybe(['LPCR', 'FPR9']),
    qemu: maybe(['10.0.2', '7.2.22']),
    pair: fc.option(
      fc.record({ source: fc.constantFrom(...cells), target: fc.constantFrom(...cells) }),
      { nil: undefined },
    ),
  }),
);
const anyView: fc.Arbitrary<View> = fc.record({
  page: anyPage,
  filters: fc.record({
    text: fc.string(),
    groups: some([...matrix.groups.keys()]),
    platforms: some(['powernv8', 'powernv9']),
    from: maybe(kernels),
    to: maybe(kernels),
    supports: some(SUPPORTS),
    migrations: some(MIGRATION_VERDICTS),
    guests: some(GUEST_VERDICTS),
    differ: fc.boolean(),
    since: maybe(kernels),
    issues: fc.boolean(),
  }),
  order: fc.constantFrom('folded' as const, 'kernel' as const, 'platform' as const),
  lens: fc.constantFrom(...LENSES),
  mine: fc.record({
    kernel: maybe(kernels),
    platform: maybe(['powernv8', 'powernv9']),
    target: maybe(kernels),
  }),
  open: some(kernels),
  absent: fc.boolean(),
  toggled: some([...matrix.groups.keys()]),
});

test('any view is the same again from its address', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      expect(parseAddress(formatAddress(view), matrix)).toEqual({ view, unknown: [] });
    }),
  );
});

test('any text is an address of something', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseAddress(`#${text}`, matrix).view.order).toMatch(/^(folded|kernel|platform)$/);
    }),
  );
});

test('an address is short and legible', () => {
  expect(formatAddress(FIRST_VIEW)).toBe('#/');
  expect(
    formatAddress({
      ...FIRST_VIEW,
      page: { name: 'register', register: 'LPCR', cell: 'debian-6.1/powernv9' },
      filters: { ...FIRST_VIEW.filters, platforms: ['powernv8', 'powernv9'], differ: true },
    }),
  ).toBe('#/register/LPCR?cell=debian-6.1/powernv9&platform=powernv8,powernv9&differ=yes');
});

test('what an address names and the report does not have is left out, and told', () => {
  const { view, unknown } = parseAddress(
    '#/register/LPCRX?platform=powernv9,powernv7&from=2.6&support=broken&cell=x/y',
    matrix,
  );
  expect(unknown).toEqual([
    'no platform "powernv7"',
    'no kernel "2.6"',
    'no support "broken"',
    'no register "LPCRX"',
  ]);
  expect(view).toEqual({
    ...FIRST_VIEW,
    filters: { ...FIRST_VIEW.filters, platforms: ['powernv9'] },
  });
});

test('an unknown page, cell and side are reported, too', () => {
  expect(parseAddress('#/cells', matrix).unknown).toEqual(['no page "cells"']);
  expect(parseAddress('#/cell/debian-6.1/powernv10', matrix).unknown).toEqual([
    'no cell "debian-6.1/powernv10"',
  ]);
  expect(parseAddress('#/compare?a=nothing', matrix).unknown).toEqual(['no cell "nothing"']);
});

test("a link of before finds a kernel that is built here by today's id", () => {
  const built = buildMatrix(
    feedOf(
      ['debian-6.1', 'build-6.1', 'build-5.10-be'].map((kernel) => record({ kernel }, smallRows())),
    ),
  );
  expect(parseAddress('#/cell/6.1/powernv9', built)).toMatchObject({
    ...{ view: { page: { name: 'cell', cell: 'build-6.1/powernv9' } }, unknown: [] },
  });
  expect(parseAddress('#/register/LPCR?cell=5.10-be/powernv9&since=6.1', built)).toMatchObject({
    view: { page: { cell: 'build-5.10-be/powernv9' }, filters: { since: 'build-6.1' } },
    unknown: [],
  });
  expect(parseAddress('#/compare?a=6.1/powernv9&b=debian-6.1/powernv9', built).view.page).toEqual({
    ...{ name: 'compare', a: 'build-6.1/powernv9', b: 'debian-6.1/powernv9' },
  });
  expect(parseAddress('#/cell/6.12/powernv9', built).unknown).toEqual(['no cell "6.12/powernv9"']);
});
