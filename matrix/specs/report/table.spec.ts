import { record, row } from '../../../harness/record/record.fixture.js';
import {
  feedOf,
  MIGRATED_RECORDS,
  SMALL_RECORDS,
  smallRows,
} from '../../../reports/testing/feeds.js';
import { expect, ONE_REG_CELLS as CELLS, test } from './report-page.js';

test('registers stand in groups, cells under their kernels and platforms', async ({
  openReport,
}) => {
  const { grid } = await openReport(undefined, CELLS);
  await expect(grid.getByRole('columnheader')).toHaveText([
    'Kernel',
    /^debian-6\.1/,
    /^debian-6\.12/,
    /^debian-7\.2/,
    '15 registers',
    ...['powernv8', 'powernv9', 'powernv8', 'powernv9', 'powernv9'],
  ]);
  await expect(grid.getByRole('rowheader')).toHaveText([
    'hypervisor 1',
    'LPCRSPR 318',
    'interrupt 1',
    'HIORSPR 311',
    'pmu 2',
    'MMCR0SPR 795',
    'MMCR3SPR 754',
    'thread 1',
    'DEXCRSPR 828',
    'fpr 10',
  ]);
});

test('a state has its name, its sign and its colour, and a register that was not asked has none', async ({
  openReport,
}) => {
  const report = await openReport(
    feedOf([
      ...SMALL_RECORDS,
      record({ kernel: 'debian-7.3' }, smallRows({ MMCR3: row('untested'), DEXCR: row('error') })),
    ]),
    CELLS,
  );
  expect(await report.cellNames('MMCR3')).toEqual([
    'lost, known issue',
    'lost, known issue',
    'exact',
    'exact',
    'exact',
    'not asked',
  ]);
  const cells = report.row('MMCR3').getByRole('gridcell');
  await expect(cells).toHaveText(['Llost', 'Llost', 'Eexact', 'Eexact', 'Eexact', '']);
  for (const [place, colour] of [
    [0, 'rgb(191, 59, 12)'],
    [2, 'rgb(213, 236, 229)'],
    [5, 'rgba(0, 0, 0, 0)'],
  ] as const) {
    await expect(cells.nth(place)).toHaveCSS('background-color', colour);
  }
  await expect(report.row('DEXCR').getByRole('gridcell')).toHaveText([
    '–absent EINVAL',
    '–absent EINVAL',
    'Eexact',
    'Eexact',
    'Eexact',
    '!error',
  ]);
});

test('where there is no room for names, cells have signs, and numbers tell alike states apart', async ({
  openReport,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const report = await openReport(undefined, CELLS);
  await expect(report.row('LPCR').getByRole('gridcell')).toHaveText(['M', 'M2', 'M', 'M', 'M']);
  expect(await report.cellNames('LPCR')).toEqual([
    'masked',
    'masked, answer 2',
    'masked',
    'masked',
    'masked',
  ]);
});

test('a group sums up its members, and folds', async ({ openReport, page }) => {
  const report = await openReport(undefined, CELLS);
  expect(await report.cellNames('pmu')).toEqual([
    ...['1 lost, 1 exact', '1 lost, 1 exact', '2 exact', '2 exact', '2 exact'],
  ]);
  await page.getByRole('button', { name: 'pmu' }).click();
  await expect(report.row('MMCR3')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'pmu' })).toHaveAttribute('aria-expanded', 'false');
  expect(report.address()).toBe(`${CELLS}&toggled=pmu`);
  // A search unfolds what it finds.
  await page.getByRole('searchbox').fill('MMCR3');
  await expect(report.row('MMCR3')).toHaveCount(1);
});

test('a kernel is one column, which shows the worst of its platforms, and unfolds into them', async ({
  openReport,
}) => {
  const report = await openReport();
  expect(await report.cellNames('MMCR3')).toEqual(['kernel bug', 'works', 'works']);
  expect(await report.cellNames('pmu')).toEqual(['1 kernel bug, 1 works', '2 works', '2 works']);
  await report.grid.getByRole('button', { name: 'debian-6.12' }).click();
  expect(await report.cellNames('DEXCR')).toEqual(['absent', 'works', 'works', 'works']);
  expect(report.address()).toBe('#/?open=debian-6.12');
});

test('a switch colours by verdict, by ONE_REG, by guest or by migration', async ({
  openReport,
  page,
}) => {
  const report = await openReport(feedOf(MIGRATED_RECORDS, { issues: [] }));
  expect(await report.cellNames('MMCR0')).toEqual([
    ...['unexplained, deviation', 'unexplained, deviation', 'unexplained, deviation'],
  ]);
  const through = async (lens: string): Promise<string | null | undefined> => {
    await page.getByRole('radio', { name: lens, exact: true }).check({ force: true });
    return (await report.cellNames('MMCR0'))[0];
  };
  expect(await through('ONE_REG')).toBe('exact, deviation');
  expect(await through('guest')).toBe('unexplained, deviation');
  expect(await through('migration')).toBe('works, deviation');
  expect(report.address()).toBe('#/?colour=migration');
});

test('rows that no cell has are folded away', async ({ openReport, page }) => {
  const rows = smallRows({ HIOR: row('absent', { group: 'interrupt' }) });
  const report = await openReport(feedOf([record({ kernel: 'debian-6.1' }, rows)]));
  await expect(report.shown).toHaveText(/^14 of 15 registers/);
  await expect(report.row('HIOR')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show 1 that no cell has' }).click();
  await expect(report.row('HIOR')).toHaveCount(1);
});

test('a group whose members are all alike begins folded', async ({ openReport, page }) => {
  const report = await openReport();
  await expect(report.row('FPR3')).toHaveCount(0);
  await page.getByRole('button', { name: 'fpr' }).click();
  await expect(report.row('FPR3')).toHaveCount(1);
});

test('headings and names stay in sight while the table scrolls both ways', async ({
  openReport,
  page,
}) => {
  await page.setViewportSize({ width: 300, height: 300 });
  const report = await openReport(undefined, `${CELLS}&toggled=fpr`);
  await page.evaluate('scrollTo(60, document.documentElement.scrollHeight)');
  const head = await report.grid.getByRole('columnheader', { name: 'Kernel' }).boundingBox();
  const name = await report.row('FPR7').getByRole('rowheader').boundingBox();
  expect([head?.x, head?.y, name?.x]).toEqual([0, 0, 0]);
});

test('the legend names every state and says what it means', async ({ openReport, page }) => {
  await openReport(undefined, CELLS);
  await page.getByText('meanings').click();
  const entries = page.locator('.legend dl > div');
  await expect(entries).toHaveCount(15);
  await expect(entries.filter({ hasText: 'lost' })).toHaveText(
    'Llostputs return success and no bit follows',
  );
});

test('what is said first: bugs of the newest kernel, those that went, what is not the kernel’s', async ({
  openReport,
  page,
}) => {
  const report = await openReport();
  await expect(page.getByRole('list', { name: 'Findings' }).getByRole('listitem')).toHaveText([
    '0 kernel bugs in 7.2, the newest kernel here',
    '1 gone: mmcr3-put-lost since 6.12',
    '0 differences are not the kernel’s: 0 the emulator’s, 0 of the configuration, 0 by design',
  ]);
  await page.getByRole('link', { name: 'mmcr3-put-lost' }).click();
  expect(report.address()).toBe('#/finding/mmcr3-put-lost');
  await expect(page.locator('.page > .facts')).toContainText(
    'statusgone since 6.12; fixed by f9ca6a10be20 (missing in 6.1)introduced6.1 or before',
  );
  const finding = page.getByRole('list', { name: 'Symptoms' }).getByRole('listitem').first();
  await expect(finding).toContainText('1 register, 2 cells: debian-6.1');
  await expect(finding).toContainText('f9ca6a10be20479d526f27316cc32cfd1785ed39');
  await expect(finding).toContainText(
    'expected some bit to follow a put that succeeds, got success and still 0x0000000000000000 [put-lost]debian-6.1 powernv8powernv9',
  );
  await expect(finding).toContainText(
    'npx sprmatrix run --kernel=debian-6.1 --platform=powernv8 --register=MMCR3',
  );
  await finding.getByRole('button', { name: 'Show 1 register in the table' }).click();
  expect(await report.registers()).toEqual(['MMCR3']);
});

test('a deviation that no issue excuses is among the findings, and marked in the table', async ({
  openReport,
  page,
}) => {
  const report = await openReport(feedOf(SMALL_RECORDS, { issues: [] }), CELLS);
  await expect(page.getByRole('list', { name: 'Deviations' }).getByRole('listitem')).toHaveText([
    /^MMCR3 MMCR3 on debian-6\.1\/powernv8: expected some bit to follow a put that succeeds/,
    /^MMCR3 MMCR3 on debian-6\.1\/powernv9: expected some bit to follow a put that succeeds/,
  ]);
  expect((await report.cellNames('MMCR3'))[0]).toBe('lost, deviation');
});

test('what is pointed at is reported in words below', async ({ openReport }) => {
  const report = await openReport(undefined, CELLS);
  await report.row('MMCR3').getByRole('gridcell').nth(1).hover();
  await expect(report.inspector).toHaveText(
    'MMCR3debian-6.1/powernv9Llostmmcr3-put-lost: a put of MMCR3 succeeds and does nothing.a put of MMCR3 succeeds and does nothing.',
  );
  await report.row('pmu').getByRole('gridcell').first().hover();
  await expect(report.inspector).toHaveText('pmudebian-6.1/powernv81 lost, 1 exact');
});

test('a heading leads to what its cell ran on', async ({ openReport, page }) => {
  const report = await openReport(undefined, CELLS);
  await report.grid.getByRole('link', { name: 'powernv9' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('debian-7.2 on powernv9');
  const facts = page.locator('.facts');
  await expect(facts).toContainText('QEMU10.0.2');
  await expect(facts).toContainText('kernel release7.2.0-50-powerpc64le');
  await expect(page.getByRole('list', { name: 'Registers by verdict' })).toHaveText(
    '?1 unexplainedD1 by design✓13 works',
  );
});

test('on paper the table is whole, and what can only be clicked is gone', async ({
  openReport,
  page,
}) => {
  const report = await openReport();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('button', { name: 'Clear filters' })).toBeHidden();
  await expect(page.getByRole('searchbox')).toBeHidden();
  await expect(report.inspector).toBeHidden();
  await expect(report.row('DEXCR')).toBeVisible();
  await expect(page.locator('html')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
});
