import { expect, test } from '@playwright/test';
import { everyRoute, groupsOf, singleRoutes } from './migration-routes.js';
import type { EmulatedCell } from '../cell.js';

const cell = (kernel: string, platform: string): EmulatedCell =>
  ({ kernel: { id: kernel }, platform: { id: platform } }) as EmulatedCell;
const cells = (...names: string[]): EmulatedCell[] =>
  names.map((name) => {
    const [kernel = '', platform = ''] = name.split('/');
    return cell(kernel, platform);
  });
const texts = (routes: readonly { from: string; to: string }[]): string[] =>
  routes.map(({ from, to }) => `${from} ${to}`);

const PAIRS = [{ from: 'p8', to: 'p9', why: 'a test' }];

test('one kernel goes to another on each platform that both are on', () => {
  const { routes } = singleRoutes(cells('old/p8', 'old/p9'), cells('new/p9', 'new/p8'));
  expect(texts(routes)).toEqual(['old/p8 new/p8', 'old/p9 new/p9']);
});

test('between platforms that differ altogether, each source goes to each target', () => {
  const plan = singleRoutes(cells('old/p8'), cells('new/p9'));
  expect(texts(plan.routes)).toEqual(['old/p8 new/p9']);
  expect(plan.cells).toHaveLength(2);
});

test('a kernel that goes to itself is one cell', () => {
  expect(singleRoutes(cells('old/p8'), cells('old/p8')).cells).toHaveLength(1);
});

test('all go to all of their platform, themselves first, and along the pairs of platforms', () => {
  const { routes } = everyRoute(cells('old/p8', 'new/p8', 'new/p9'), PAIRS);
  expect(texts(routes)).toEqual([
    ...['old/p8 old/p8', 'new/p8 old/p8'],
    ...['new/p8 new/p8', 'old/p8 new/p8'],
    ...['new/p9 new/p9', 'new/p8 new/p9'],
  ]);
});

test('cells come in groups of a platform, sources first', () => {
  const groups = groupsOf(cells('a/p9', 'a/p8', 'b/p9'), PAIRS);
  expect(
    groups.map((group) => group.map(({ kernel, platform }) => `${kernel.id}/${platform.id}`)),
  ).toEqual([['a/p8'], ['a/p9', 'b/p9']]);
});
