import type { Page } from '@playwright/test';
import { record } from '../../../harness/record/record.fixture.js';
import {
  feedOf,
  SMALL_MIGRATIONS,
  SMALL_RECORDS,
  smallRows,
} from '../../../reports/testing/feeds.js';
import { withHostile } from '../../../reports/testing/judged-feeds.js';
import type { Box } from './report-page.js';
import { boxOf, expect, test } from './report-page.js';

/** A phone, and a window of 1440 by 900 at 200 % zoom. */
const SCREENS = [
  ['a phone of 390 px', { width: 390, height: 844 }],
  ['1440 px at 200 % zoom', { width: 720, height: 450 }],
] as const;

const feed = feedOf(SMALL_RECORDS, { migrations: SMALL_MIGRATIONS });

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** How far the page itself reaches beyond the screen, pixels. */
async function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}

for (const [screen, size] of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.beforeEach(async ({ page }) => {
      await page.setViewportSize(size);
    });

    test('the masthead is whole', async ({ openReport, page }) => {
      await openReport(feed);
      const masthead = page.locator('.masthead');
      const parts = [...(await masthead.getByRole('link').all()), masthead.getByRole('combobox')];
      expect(parts.length).toBeGreaterThan(4);
      for (const part of parts) {
        const { x, width } = await boxOf(part);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(size.width);
      }
    });

    test('a register’s description is there, and nothing reaches beyond the screen', async ({
      openReport,
      page,
    }) => {
      await openReport(feed, '#/register/LPCR?cell=debian-6.1/powernv8');
      await expect(page.getByText('Logical partitioning control.')).toBeVisible();
      expect(await overflowOf(page)).toBe(0);
    });

    test('the numbers of bits stand clear of the bits', async ({ openReport, page }) => {
      await openReport(feed, '#/register/LPCR?cell=debian-6.1/powernv8');
      const bits = page.locator('.bits:not(.ruler)').first();
      const labels = page.locator('.bits.ruler').first().locator('.byte');
      const bitsBox = await boxOf(bits);
      const boxes = await Promise.all((await labels.all()).map(boxOf));
      expect(boxes).toHaveLength(8);
      for (const [index, box] of boxes.entries()) {
        expect(overlap(box, bitsBox)).toBe(false);
        for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
      }
    });

    test('the corner covers the headings that scroll under it', async ({ openReport, page }) => {
      const report = await openReport(feed, '#/?order=kernel&toggled=fpr');
      await page.evaluate('scrollTo(80, document.documentElement.scrollHeight)');
      const corner = report.grid.locator('.corner').first();
      const { x, y, width, height } = await boxOf(corner);
      const at = `${x + width - 3}, ${y + height / 2}`;
      const hit = await page.evaluate(
        `document.elementFromPoint(${at})?.closest('.corner') !== null`,
      );
      expect(hit).toBe(true);
    });

    test('what a migration loses stands clear of the map, and can be closed', async ({
      openReport,
      page,
    }) => {
      await openReport(feed, '#/migration');
      await page.getByRole('table').getByRole('button').first().click();
      const map = await boxOf(page.getByRole('group', { name: 'Map of migrations' }));
      const panel = page.getByRole('region', { name: 'What is lost' });
      expect(overlap(map, await boxOf(panel))).toBe(false);
      await panel.getByRole('button', { name: 'Close' }).click();
      await expect(panel).toHaveText('A field that is chosen shows here what is lost.');
      expect(await overflowOf(page)).toBe(0);
    });
  });
}

test('the table is one key away from the search', async ({ openReport, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { grid } = await openReport(feed);
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Enter');
  await expect(grid.locator(':focus')).toHaveCount(1);
});

test('back from a register is at the place that it was left, with the focus on it', async ({
  openReport,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 500 });
  const report = await openReport(feed, '#/?order=kernel&toggled=fpr');
  const field = report.row('FPR8').getByRole('gridcell').first();
  await field.scrollIntoViewIfNeeded();
  const top = await page.evaluate<number>('scrollY');
  await field.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('FPR8');
  await page.goBack();
  await expect(report.row('FPR8').getByRole('gridcell').first()).toBeFocused();
  expect(Math.abs((await page.evaluate<number>('scrollY')) - top)).toBeLessThan(60);
});

test('a kernel and a platform have a page each, as a cell has', async ({ openReport, page }) => {
  const report = await openReport(feed, '#/kernel/debian-6.1');
  const title = page.getByRole('heading', { level: 1 });
  await expect(title).toHaveText('debian-6.1');
  await expect(page.getByText('6.1.176')).toBeVisible();
  await expect(page.getByRole('link', { name: 'powernv8', exact: true }).first()).toBeVisible();
  await report.open('#/platform/powernv9');
  await expect(title).toHaveText('powernv9');
  await expect(page.getByText('POWER9 bare metal (OPAL), KVM-HV')).toBeVisible();
  await report.open('#/cell/debian-6.1/powernv8');
  await expect(title).toContainText('debian-6.1');
});

test('hostile results are a list', async ({ openReport, page }) => {
  const cell = withHostile(record({ kernel: 'debian-6.1', platform: 'powernv9' }, smallRows()));
  await openReport(feedOf([cell]), '#/cell/debian-6.1/powernv9');
  const list = page.getByRole('list', { name: 'Hostile checks' });
  await expect(list.getByRole('listitem').filter({ hasText: 'race' })).toHaveText(
    'race 1 EIO; 1 unexpected',
  );
});
