import type { Feed } from '../../../reports/feed.js';
import { loadFeed } from '../../../reports/load-feed.js';
import { expect, test } from './report-page.js';

/** What is on record; judging all of it takes seconds, and more next to load. */
let feed: Feed;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  feed = await loadFeed();
});

/** The questions that people come with, on what is on record: each is answered after two actions or fewer. */
test('what is lost from 5.10 to debian-7.2 on POWER9?', async ({ openReport, page }) => {
  await openReport(feed);
  await page.getByLabel('My kernel', { exact: true }).selectOption('build-5.10');
  await page.getByLabel('Migrate to').selectOption('debian-7.2');
  const lost = page.getByRole('list', { name: 'Lost by platform' }).getByRole('listitem');
  await expect(lost.filter({ hasText: /^powernv9 / })).toHaveText(
    /^powernv9 \(QEMU 10\.0\.2\): \d+ kernel, 109 configuration, \d+ QEMU \(.*VSCR.*\)$/,
  );
});

test('what changed from 6.1 to 6.12?', async ({ openReport, page }) => {
  await openReport(feed);
  await page.getByLabel('My kernel', { exact: true }).selectOption('build-6.1');
  await page.getByLabel('Migrate to').selectOption('build-6.12');
  const answer = page.getByLabel('Answer');
  await expect(answer).toContainText('by the kernel:');
  const changed = answer.locator('dd').last();
  await expect(changed.getByRole('link', { name: 'MMCR3' })).toBeVisible();
  await expect(changed).not.toContainText('TM_');
});

test('is HASHPKEYR usable on 6.1?', async ({ openReport, page }) => {
  await openReport(feed);
  await page.getByLabel('My kernel', { exact: true }).selectOption('build-6.1');
  await page.getByRole('searchbox').fill('HASHPKEYR');
  await expect(page.getByLabel('Answer').locator('dd').first()).toHaveText(
    /absent \(EINVAL\) everywhere here \(\d+ cells\): The id is newer than this kernel/,
  );
});

test('which kernel bugs are unfixed in the newest kernel?', async ({ openReport, page }) => {
  await openReport(feed);
  const present = feed.bugs.filter(({ status }) => status.isPresent);
  await expect(
    page.getByRole('list', { name: 'Findings' }).getByRole('listitem').first(),
  ).toContainText(`${present.length} kernel bugs in 7.3, the newest kernel here`);
  await page.getByRole('link', { name: 'All findings' }).click();
  await expect(
    page.getByRole('row').filter({ hasText: 'present in 7.3, the newest kernel here' }),
  ).toHaveCount(present.length);
});

test('which registers disagree with a guest under PAPR nesting?', async ({ openReport, page }) => {
  await openReport(feed);
  await page.getByLabel('My platform').selectOption('pseries-p10-papr');
  const guests = page.getByLabel('Answer').locator('dd').nth(1);
  await expect(guests).toContainText(/\d+ emulator/);
  await expect(guests.getByRole('link', { name: 'MMCR3' })).toBeVisible();
});

test('at 1440 by 900 rows of data are visible at once', async ({ openReport, page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const report = await openReport(feed);
  await expect(report.grid.locator('[data-register]').nth(10)).toBeInViewport();
});
