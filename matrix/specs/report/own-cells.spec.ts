import { record, row } from '../../../harness/record/record.fixture.js';
import { feedOf, SMALL_RECORDS, smallRows } from '../../../reports/testing/feeds.js';
import { boxOf, expect, test } from './report-page.js';

const own = record(
  { kernel: 'file-6.13', release: '6.13.0', platform: 'powernv9' },
  smallRows({ MMCR0: row('lost') }),
);

/** A run's record among baselines, as `report --records --with-baselines` shows it. */
const both = feedOf([...SMALL_RECORDS], { records: [own], source: 'both' });

test('the reader’s own cells are the headline: what differs from the nearest baseline', async ({
  openReport,
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const report = await openReport(both);
  const mine = page.getByRole('list', { name: 'Your cells' });
  await expect(mine.getByRole('listitem')).toHaveText([
    /^file-6\.13\/powernv9 differs from debian-6\.12\/powernv9, the nearest baseline, in 1 register: MMCR0/,
  ]);
  const news = page.getByRole('list', { name: 'Findings' });
  expect((await boxOf(mine)).y).toBeLessThan((await boxOf(news)).y);
  await mine.getByRole('link', { name: 'debian-6.12/powernv9' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Compare');
  expect(report.address()).toContain('a=debian-6.12/powernv9&b=file-6.13/powernv9');
});

test('the reader’s own cells are the first columns, and marked', async ({ openReport }) => {
  const { grid } = await openReport(both);
  const columns = grid.locator('.columns [role=columnheader]:not(.corner)');
  await expect(columns.first()).toHaveText('yours: file-6.13');
  await expect(columns.first()).toHaveCSS('text-decoration-line', 'underline');
  await expect(grid.locator('.columns .own')).toHaveCount(1);
  await expect(grid.locator('.bands .band').first()).toHaveText('yours');
});

test('in each order of columns the reader’s own come first', async ({ openReport }) => {
  for (const order of ['kernel', 'platform']) {
    const { grid } = await openReport(both, `#/?order=${order}`);
    await expect(grid.locator('.columns [role=columnheader]:not(.corner)').first()).toHaveText(
      /^yours: /,
    );
  }
});

test('a report of baselines alone marks none', async ({ openReport }) => {
  const { grid } = await openReport();
  await expect(grid.locator('.own')).toHaveCount(0);
});
