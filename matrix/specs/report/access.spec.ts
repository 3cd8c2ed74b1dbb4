import { axeFindings, expect, ONE_REG_CELLS, test } from './report-page.js';

const PAGES: readonly [name: string, address: string][] = [
  ['the table', '#/?since=debian-6.1'],
  ['findings', '#/findings'],
  ['a finding', '#/finding/mmcr3-put-lost'],
  ['a kernel', '#/kernel/debian-6.1'],
  ['a platform', '#/platform/powernv9'],
  ['an answer', '#/?mykernel=debian-6.1&mytarget=debian-6.12&text=MMCR3'],
  ['a register', '#/register/LPCR?cell=debian-6.1/powernv9'],
  ['a cell', '#/cell/debian-6.1/powernv9'],
  ['a comparison', '#/compare?a=debian-6.1/powernv9&b=debian-6.12/powernv9'],
];
for (const [name, address] of PAGES) {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const) {
    test(`axe finds nothing on the page of ${name} in ${colorScheme} at ${width} px`, async ({
      openReport,
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await openReport(undefined, address);
      await page.evaluate('for (const d of document.querySelectorAll("details")) d.open = true');
      expect(await axeFindings(page)).toEqual([]);
    });
  }
}

test('the table is used by keys alone', async ({ openReport, page }) => {
  const report = await openReport(undefined, ONE_REG_CELLS);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(report.grid.locator('[tabindex="0"]')).toBeFocused();
  const at = async (): Promise<string> => report.inspector.innerText();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  expect(await at()).toMatch(/^LPCR\s+debian-6\.1\/powernv8\s+M\s+masked/);
  await page.keyboard.press('End');
  expect(await at()).toMatch(/^LPCR\s+debian-7\.2\/powernv9/);
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'fpr' })).toBeFocused();
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'fpr' })).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('FPR0');
  expect(report.address()).toBe(
    '#/register/FPR0?cell=debian-6.1/powernv8&colour=one-reg&order=kernel&toggled=fpr',
  );
  // Back is where it was left, and what had the focus has it again.
  await page.goBack();
  expect(await at()).toMatch(/^FPR0\s+debian-6\.1\/powernv8/);
  await expect(report.row('FPR0').getByRole('gridcell').first()).toBeFocused();
});

test('Tab stops once in the table, however many cells it has', async ({ openReport, page }) => {
  const { grid } = await openReport();
  await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  await grid.locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(grid.locator(':focus')).toHaveCount(0);
});

test('a menu opens, chooses and closes by keys', async ({ openReport, page }) => {
  const report = await openReport();
  await report.moreFilters();
  const menu = page.locator('.menu > summary').filter({ hasText: 'Group' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press(' ');
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await expect(page.getByRole('checkbox', { name: 'hypervisor' })).toBeHidden();
  expect(report.address()).toBe('#/?group=hypervisor');
});

test('the theme is the system’s, until one is chosen', async ({ openReport, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openReport();
  const html = page.locator('html');
  await expect(html).toHaveCSS('background-color', 'rgb(20, 23, 27)');
  await page.getByLabel('Theme').selectOption('light');
  await expect(html).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await page.reload();
  await expect(html).toHaveCSS('background-color', 'rgb(255, 255, 255)');
});
