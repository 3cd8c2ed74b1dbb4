import type { ReportPage } from './report-page.js';
import { expect, ONE_REG_CELLS, test } from './report-page.js';

/** What a filter does: how it is set, the address then, the registers and the words for them. */
interface FilterCase {
  readonly title: string;
  readonly set: (report: ReportPage) => Promise<void>;
  readonly address: string;
  readonly registers: readonly string[];
  readonly shown: string;
}

const choose =
  (menu: string, ...names: readonly string[]) =>
  async (report: ReportPage): Promise<void> => {
    const { page } = report;
    await report.moreFilters();
    await page.locator('.menu > summary').filter({ hasText: menu }).click();
    for (const name of names) await page.getByRole('checkbox', { name }).check();
    await page.keyboard.press('Escape');
  };

const select =
  (label: string, option: string) =>
  async (report: ReportPage): Promise<void> => {
    const { page } = report;
    await report.moreFilters();
    await page.getByLabel(label, { exact: true }).selectOption(option);
  };

const ALL = ['LPCR', 'HIOR', 'MMCR0', 'MMCR3', 'DEXCR'];

const FILTERS: readonly FilterCase[] = [
  {
    title: 'text',
    set: async ({ page }) => page.getByRole('searchbox').fill('MMCR* 318'),
    address: '#/?text=MMCR*+318',
    registers: ['LPCR', 'MMCR0', 'MMCR3'],
    shown: '3 of 15 registers, 5 of 5 cells; 2 rows differ',
  },
  {
    title: 'group',
    set: choose('Group', 'pmu', 'thread'),
    address: '#/?group=pmu,thread',
    registers: ['MMCR0', 'MMCR3', 'DEXCR'],
    shown: '3 of 15 registers, 5 of 5 cells; 2 rows differ',
  },
  {
    title: 'platform',
    set: choose('Platform', 'powernv8'),
    address: '#/?platform=powernv8',
    registers: ALL,
    shown: '15 of 15 registers, 2 of 5 cells; 2 rows differ',
  },
  {
    title: 'oldest kernel',
    set: select('Kernels from', 'debian-6.12'),
    address: '#/?from=debian-6.12',
    registers: ALL,
    shown: '15 of 15 registers, 3 of 5 cells; 0 rows differ',
  },
  {
    title: 'newest kernel',
    set: select('Kernels to', 'debian-6.1'),
    address: '#/?to=debian-6.1',
    // DEXCR is absent from all that is left.
    registers: ALL.filter((name) => name !== 'DEXCR'),
    shown: '14 of 15 registers, 2 of 5 cells; 1 row differs',
  },
  {
    title: 'support value',
    set: choose('Support', 'lost', 'absent'),
    address: '#/?support=lost,absent',
    registers: ['MMCR3', 'DEXCR'],
    shown: '2 of 15 registers, 5 of 5 cells; 2 rows differ',
  },
  {
    title: 'only rows that differ',
    set: async ({ page }) => page.getByLabel('Only rows that differ').check(),
    address: '#/?differ=yes',
    registers: ['LPCR', 'MMCR3', 'DEXCR'],
    shown: '3 of 15 registers, 5 of 5 cells; 3 rows differ',
  },
  {
    title: 'changed since a kernel',
    set: select('Changed since', 'debian-6.1'),
    address: '#/?since=debian-6.1',
    registers: ['LPCR', 'MMCR3', 'DEXCR'],
    shown: '3 of 15 registers, 5 of 5 cells; 3 rows differ',
  },
  {
    title: 'known issues only',
    set: async ({ page }) => page.getByLabel('Known issues only').check(),
    address: '#/?issues=yes',
    registers: ['MMCR3'],
    shown: '1 of 15 registers, 5 of 5 cells; 1 row differs',
  },
];

for (const { title, set, address, registers, shown } of FILTERS) {
  test(`filter: ${title}: it stands in the address, and a link restores it`, async ({
    openReport,
  }) => {
    const report = await openReport();
    await set(report);
    await expect(report.shown).toHaveText(shown);
    expect(await report.registers()).toEqual(registers);
    expect(report.address()).toBe(address);

    await report.open(address);
    await expect(report.shown).toHaveText(shown);
    expect(await report.registers()).toEqual(registers);
  });
}

test('filters combine', async ({ openReport, page }) => {
  const report = await openReport();
  await choose('Platform', 'powernv8')(report);
  await page.getByLabel('Only rows that differ').check();
  await page.getByRole('searchbox').fill('mmcr');
  await expect(report.shown).toHaveText('1 of 15 registers, 2 of 5 cells; 1 row differs');
  expect(report.address()).toBe('#/?text=mmcr&platform=powernv8&differ=yes');
});

test('what changed since a kernel is marked, and on each platform by itself', async ({
  openReport,
}) => {
  const report = await openReport(undefined, `${ONE_REG_CELLS}&since=debian-6.1`);
  expect(await report.cellNames('LPCR')).toEqual([
    'masked',
    'masked, answer 2',
    'masked',
    'masked, changed',
    'masked, changed',
  ]);
});

test('columns can stand by platform, so that its kernels are neighbours', async ({
  openReport,
  page,
}) => {
  const report = await openReport(undefined, '#/?colour=one-reg');
  await report.moreFilters();
  await page.getByLabel('Columns by').selectOption('platform');
  expect(await report.cellNames('MMCR3')).toEqual([
    ...['lost, known issue', 'exact'],
    ...['lost, known issue', 'exact', 'exact'],
  ]);
  expect(report.address()).toBe('#/?colour=one-reg&order=platform');
});

test('Back undoes a filter, and Clear filters undoes all', async ({ openReport, page }) => {
  const report = await openReport();
  await page.getByLabel('Only rows that differ').check();
  await page.getByLabel('Known issues only').check();
  await page.goBack();
  await expect(report.shown).toHaveText('3 of 15 registers, 5 of 5 cells; 3 rows differ');
  await expect(page.getByLabel('Known issues only')).not.toBeChecked();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(report.shown).toHaveText('15 of 15 registers, 5 of 5 cells; 3 rows differ');
  expect(report.address()).toBe('#/');
});

test('filters that nothing meets say so', async ({ openReport, page }) => {
  await openReport(undefined, '#/?text=nothing');
  await expect(page.getByText('Nothing meets all of these filters.')).toBeVisible();
});

test('a link to what this report does not have says what, and shows the rest', async ({
  openReport,
  page,
}) => {
  const report = await openReport(undefined, '#/register/LPCRX?platform=powernv7&group=pmu');
  await expect(page.getByRole('status').first()).toHaveText(
    'The address asks for what this report does not have: no platform "powernv7", no register "LPCRX".',
  );
  expect(await report.registers()).toEqual(['MMCR0', 'MMCR3']);
});
