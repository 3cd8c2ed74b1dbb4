import { expect, test } from './report-page.js';

const ADDRESS = '#/compare?a=debian-6.1/powernv9&b=debian-6.12/powernv9';

test('two columns are compared side by side, only where they differ, and in words', async ({
  openReport,
  page,
}) => {
  await openReport(undefined, ADDRESS);
  await expect(page.getByRole('status').first()).toHaveText('3 differences in 15 registers.');
  const rows = (title: string) => page.getByRole('region', { name: title }).locator('tbody tr');
  await expect(rows('New')).toHaveText([
    /^DEXCR–absent \(EINVAL\)Eexactabsent \(EINVAL\) in debian-6\.1, exact in debian-6\.12/,
  ]);
  await expect(rows('Works otherwise')).toHaveText([
    /^MMCR3LlostEexactlost in debian-6\.1, exact in debian-6\.12npx sprmatrix run --kernel=debian-6\.1,debian-6\.12 --platform=powernv9 --register=MMCR3/,
  ]);
  await expect(rows('Other bits, errnos or fresh values')).toHaveText([
    /^LPCRMmaskedMmaskedwritable 0x0000000002020000 in debian-6\.1, writable 0x0000000003820000 in debian-6\.12/,
  ]);
  await expect(page.locator('table').last()).toContainText(
    'kernel release6.1.0-50-powerpc64le6.12.0-50-powerpc64le',
  );
});

test('the columns are chosen, and swapped; the address has both', async ({ openReport, page }) => {
  const report = await openReport(undefined, ADDRESS);
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(page.getByRole('region', { name: 'No longer there' })).toContainText(
    'exact in debian-6.12, absent (EINVAL) in debian-6.1',
  );
  expect(report.address()).toBe('#/compare?a=debian-6.12/powernv9&b=debian-6.1/powernv9');
  await page.getByLabel('to', { exact: true }).selectOption('debian-7.2/powernv9');
  await expect(page.getByRole('status').first()).toHaveText('No difference in 15 registers.');
  expect(report.address()).toBe('#/compare?a=debian-6.12/powernv9&b=debian-7.2/powernv9');
  await expect(page.locator('table').last()).toContainText('QEMU7.2.2210.0.2');
});

test('the filters on rows hold for a comparison', async ({ openReport, page }) => {
  await openReport(undefined, `${ADDRESS}&group=pmu`);
  await expect(page.getByRole('status').first()).toHaveText(
    '1 difference in 2 registers (the table’s filters leave these).',
  );
});

test('a cell offers what it may be compared with', async ({ openReport, page }) => {
  await openReport(undefined, '#/cell/debian-6.12/powernv9');
  await expect(page.getByRole('list', { name: 'Compare with' })).toHaveText(
    'debian-6.1/powernv9debian-7.2/powernv9debian-6.12/powernv8',
  );
  await page
    .getByRole('list', { name: 'Compare with' })
    .getByRole('link', { name: 'debian-6.1/powernv9' })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Compare');
  await expect(page.getByLabel('From', { exact: true })).toHaveValue('debian-6.1/powernv9');
});
