import type { Feed } from '../../../reports/feed.js';
import {
  feedOf,
  MEASURED_MIGRATIONS,
  MIGRATED_RECORDS,
  REFERENCE,
  SMALL_MIGRATIONS,
} from '../../../reports/testing/feeds.js';
import { axeFindings, expect, test } from './report-page.js';

const feed = (): Feed => feedOf(MIGRATED_RECORDS, { migrations: SMALL_MIGRATIONS });
const measured = (): Feed =>
  feedOf(MIGRATED_RECORDS, { migrations: MEASURED_MIGRATIONS, emulators: REFERENCE });

test('the map is a table from rows to columns, and a field that is chosen says whose what is lost is', async ({
  openReport,
  page,
}) => {
  const report = await openReport(feed());
  await page.getByRole('link', { name: 'Migration' }).click();
  const table = page.getByRole('table', {
    name: 'To powernv8 under QEMU 10.0.2: from as rows, to as columns',
  });
  expect(await table.getByRole('columnheader').allTextContents()).toEqual([
    ...['from \\ to', 'debian-6.1', 'debian-6.12'],
  ]);
  expect(await table.getByRole('rowheader').allTextContents()).toEqual([
    ...['debian-6.1', 'debian-6.12', 'debian-7.2/powernv9'],
  ]);
  expect(await table.getByRole('button').allTextContents()).toEqual(['1', '0', '2', '0', '0']);

  await table.getByRole('button', { name: 'debian-6.12 to debian-6.1: 2 kernel' }).click();
  const lost = page.getByLabel('What is lost');
  await expect(lost.getByRole('heading').first()).toHaveText(
    'debian-6.12/powernv8 to debian-6.1/powernv8',
  );
  expect(await lost.getByRole('listitem').allTextContents()).toEqual([
    'MMCR3: masked bits 0x0000000000000001, 0x0000000000000001 became 0x0000000000000000',
    'DEXCR: unknown id, the target refuses it with EINVAL; 0x0000000000000002 was saved',
  ]);
  await expect(lost).toContainText(
    'npx sprmatrix migrate --from=debian-6.12 --to=debian-6.1 --platform=powernv8',
  );
  expect(report.address()).toBe(
    '#/migration?source=debian-6.12/powernv8&target=debian-6.1/powernv8',
  );
  await expect(lost).toContainText(
    'Under QEMU 10.0.2, 2 of 15 registers are lost: 2 kernel, 0 configuration, 0 QEMU.',
  );
  await lost.getByRole('link', { name: 'DEXCR' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('DEXCR');
});

test('a link restores platform, register and pair; letters say how a register is lost', async ({
  openReport,
  page,
}) => {
  await openReport(
    feed(),
    '#/migration?on=powernv9&of=DEXCR&source=debian-7.2/powernv9&target=debian-6.1/powernv9',
  );
  const table = page.getByRole('table');
  expect(await table.getByRole('button').allTextContents()).toEqual([
    ...['·', '·', '·', 'U', '·', '·', 'U', '·', '·'],
  ]);
  await expect(table.getByRole('button', { pressed: true })).toHaveAccessibleName(
    'debian-7.2 to debian-6.1: unknown id, by the kernel',
  );
  await expect(
    page.getByText(
      'Under QEMU 10.0.2, 2 of 15 registers are lost: 2 kernel, 0 configuration, 0 QEMU.',
    ),
  ).toBeVisible();
  await page.getByRole('button', { name: 'All registers' }).click();
  await expect(table.getByRole('button', { pressed: true })).toHaveText('2');
  await page.getByLabel('To platform').selectOption('powernv8');
  await expect(table.getByRole('caption')).toHaveText(/^To powernv8/);
});

test('the map is used by keys, and what it says can be closed', async ({ openReport, page }) => {
  await openReport(feed(), '#/migration');
  await page.getByRole('button', { name: 'debian-6.1 to debian-6.1: 1 kernel' }).focus();
  await page.keyboard.press('Tab');
  const field = page.getByRole('button', { name: 'debian-6.1 to debian-6.12: nothing lost' });
  await expect(field).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('0 of 14 registers are lost.')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText('0 of 14 registers are lost.')).toHaveCount(0);
});

test("a register's page says what its guest and its migrations say", async ({
  openReport,
  page,
}) => {
  await openReport(feed(), '#/register/MMCR3?cell=debian-6.1/powernv8');
  await expect(page.locator('.answer.is-chosen')).toContainText(
    'migrateschanged (0x0000000000000001 to 0x0000000000000000)',
  );
  const between = page.getByRole('region', { name: 'Between cells' });
  await expect(between).toContainText(
    'Something of it is lost in 5 of 14 migrations under QEMU 10.0.2',
  );
  await between.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Migration');
  expect(await page.getByRole('table').getByRole('button').allTextContents()).toEqual([
    ...['M', '·', 'M', '·', '·'],
  ]);
});

test('a map says which QEMU it is of, and another one that was measured can be chosen', async ({
  openReport,
  page,
}) => {
  const report = await openReport(measured(), '#/migration?on=powernv9');
  const under = page.getByLabel('Under QEMU');
  await expect(under).toHaveValue('10.0.2');
  expect(await under.getByRole('option').allTextContents()).toEqual([
    ...['QEMU 10.0.2 (all pairs)', 'QEMU 7.2.22 (6 of 9 pairs)'],
  ]);
  await expect(
    page.getByText('restored in each of a column, both under QEMU 10.0.2'),
  ).toBeVisible();
  const fields = page.getByRole('table').locator('tbody td');
  await expect(fields).toHaveText(['1', '0', '0', '2', '0', '0', '2', '0', '0']);

  await under.selectOption('7.2.22');
  expect(report.address()).toBe('#/migration?on=powernv9&qemu=7.2.22');
  await expect(page.getByRole('caption')).toHaveText(
    'To powernv9 under QEMU 7.2.22: from as rows, to as columns',
  );
  const none = 'not measured';
  await expect(fields).toHaveText(['1', '1', '0', '2', '1', '0', none, none, none]);
  await page.getByRole('button', { name: 'debian-6.1 to debian-6.12: 1 kernel' }).click();
  const lost = page.getByLabel('What is lost');
  await expect(lost).toContainText('Under QEMU 7.2.22, 1 of 14 registers are lost');
  await expect(lost).toContainText('Otherwise than under QEMU 10.0.2: LPCR.');
  await expect(lost).toContainText('with --qemu= and the path of a QEMU 7.2.22.');
  await page.getByRole('button', { name: 'debian-6.12 to debian-6.1: 2 kernel' }).click();
  await expect(lost).toContainText('The same as under QEMU 10.0.2.');
});

test('a link to a pair that was not measured under its QEMU says so', async ({
  openReport,
  page,
}) => {
  await openReport(
    measured(),
    '#/migration?on=powernv9&qemu=7.2.22&source=debian-7.2/powernv9&target=debian-6.1/powernv9',
  );
  await expect(page.getByLabel('What is lost')).toHaveText(
    'debian-7.2/powernv9 to debian-6.1/powernv9 was not measured under QEMU 7.2.22.',
  );
});

test('a report without migrations has no map of them', async ({ openReport, page }) => {
  await openReport(undefined, '#/migration');
  await expect(page.getByText('No migration is on record.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Migration' })).toHaveCount(0);
});

const FILTERS = [
  ['Migrates', 'changed', 'migrates', ['MMCR3']],
  ['Migrates', 'kept', 'migrates', ['MMCR0']],
  ['Guest', 'traps', 'guest', ['MMCR0']],
] as const;
for (const [menu, choice, parameter, registers] of FILTERS) {
  test(`filter: ${menu} ${choice}: it stands in the address, combines, and a link restores it`, async ({
    openReport,
    page,
  }) => {
    const report = await openReport(feed());
    await report.moreFilters();
    await page.locator('.menu > summary').filter({ hasText: menu }).click();
    await page.getByRole('checkbox', { name: choice }).check();
    await page.keyboard.press('Escape');
    expect(await report.registers()).toEqual(registers);
    expect(report.address()).toBe(`#/?${parameter}=${choice}`);
    await report.open(`#/?platform=powernv8&from=debian-6.12&${parameter}=${choice}`);
    const isOld = choice === 'changed';
    await expect(report.shown).toHaveText(isOld ? /^0 of 15/ : /^1 of 15/);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the map in ${colorScheme}`, async ({ openReport, page }) => {
    await page.emulateMedia({ colorScheme });
    for (const address of [
      '#/migration?source=debian-6.12/powernv8&target=debian-6.1/powernv8',
      '#/migration?of=DEXCR',
      '#/migration?on=powernv9&qemu=7.2.22&source=debian-6.1/powernv9&target=debian-6.12/powernv9',
    ]) {
      await openReport(measured(), address);
      expect(await axeFindings(page)).toEqual([]);
    }
  });
}
