import { record, row } from '../../../harness/record/record.fixture.js';
import { feedOf, SMALL_RECORDS, smallRows } from '../../../reports/testing/feeds.js';
import { expect, ONE_REG_CELLS, test } from './report-page.js';

test('a click on a cell opens its register, with what `sprmatrix show` says of it', async ({
  openReport,
  page,
}) => {
  const report = await openReport(undefined, ONE_REG_CELLS);
  await report.row('MMCR3').getByRole('gridcell').nth(1).click();
  expect(report.address()).toBe(
    '#/register/MMCR3?cell=debian-6.1/powernv9&colour=one-reg&order=kernel',
  );
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('MMCR3');
  await expect(page.getByRole('article')).toContainText('Performance monitor control 3.');
  await expect(page.locator('.inline-facts')).toHaveText(
    'SPR754ONE_REG id0x10300000000000c1size64 bitsgrouppmuoriginPower ISA 2.07Bid in asm/kvm.hsince 3.18',
  );
  await expect(page.getByRole('region', { name: 'The cell looked at' })).toContainText(
    'npx sprmatrix run --kernel=debian-6.1 --platform=powernv9 --register=MMCR3',
  );
  const answer = page.locator('.answer').filter({ hasText: 'lost' });
  await expect(answer).toHaveClass('answer is-chosen');
  await expect(answer.locator('.places')).toHaveText('debian-6.1 powernv8powernv9');
  for (const fact of [
    'known issue mmcr3-put-lost: a put of MMCR3 succeeds and does nothing.',
    'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_one_reg_hv',
    'getok',
    'put backok',
    'fresh0x0000000000000000',
    'writable0x0000000000000000',
  ]) {
    await expect(answer).toContainText(fact);
  }
});

test('refusals, aliases and notes are shown, and what nothing explains says so', async ({
  openReport,
  page,
}) => {
  const rows = smallRows({ MMCR0: row('aliased', { group: 'pmu', note: 'it moved' }) });
  await openReport(feedOf([record({}, rows)]), '#/register/MMCR0');
  const answer = page.locator('.answer');
  await expect(answer).toContainText('whyunexplained');
  await expect(answer).toContainText('answers asDSCR');
  await expect(answer).toContainText('noteit moved');
  await page.goto(page.url().replace('MMCR0', 'HIOR'));
  await expect(answer).toContainText(
    'refused0xffffffffffffffff with EINVAL; single bits 0xcccccccccccccccc',
  );
});

test('its bits stand as a strip for each kernel, in words for who does not see it', async ({
  openReport,
  page,
}) => {
  await openReport(undefined, '#/register/LPCR');
  const strips = page.getByRole('group', { name: 'Bits by kernel' });
  await expect(strips.getByRole('img')).toHaveCount(4);
  await expect(
    strips.getByRole('img', {
      name: '63-26 stuck at 0, 25-23 writable, 22-18 stuck at 0, 17 writable, 16-0 stuck at 0',
    }),
  ).toHaveCount(3);
  await expect(strips.locator('.strip').nth(2)).toHaveText(/powernv9$/);
  await expect(strips.locator('.strip').nth(3)).toHaveText(
    /^debian-6\.12.*all 2 platforms that have it$/,
  );
});

test('its fields are reported by what their bits do, and a bit by its field', async ({
  openReport,
  page,
}) => {
  const rows = smallRows({ LPCR: row('masked', { writable: '0x0000000002000000' }) });
  const feed = feedOf([record({}, rows)]);
  const registers = feed.registers.map((register) =>
    register.name === 'LPCR'
      ? {
          ...register,
          fields: [
            { name: 'ILE', high: 25, low: 25 },
            { name: 'AIL', high: 24, low: 23 },
          ],
        }
      : register,
  );
  await openReport({ ...feed, registers }, '#/register/LPCR');
  await expect(page.locator('.strip-fields')).toHaveText('writable: ILE 25; stuck at 0: AIL 24-23');
  await expect(page.getByTitle('AIL, bit 24 (39 from the left): stuck at 0')).toHaveCount(1);
});

test('its history joins kernels that answer alike, platform by platform', async ({
  openReport,
  page,
}) => {
  await openReport(undefined, '#/register/MMCR3');
  const lines = page.getByRole('group', { name: 'Answers by platform and kernel' });
  await expect(lines.getByRole('row')).toHaveText([
    'platformdebian-6.1debian-6.12debian-7.2',
    'powernv8L lostE exactnot recorded',
    'powernv9L lostE exact',
  ]);
  await expect(lines.getByRole('row').last().getByRole('cell').last()).toHaveAttribute(
    'colspan',
    '2',
  );
});

test('fields that a later probe adds to a row or to a record show up by themselves', async ({
  openReport,
  page,
}) => {
  const rows = smallRows({
    MMCR0: { ...row('exact'), audit: { reads: true, writes: false }, tomorrow: 'to 7.2' } as never,
  });
  const later = { ...record({}, rows), isolation: { victims: ['DSCR', 'AMR'] } } as never;
  await openReport(feedOf([later]), '#/register/MMCR0');
  await expect(page.locator('.answer')).toContainText('auditreads yes, writes no');
  await expect(page.locator('.answer')).toContainText('tomorrowto 7.2');
  await expect(page.locator('.answer dt', { hasText: 'audit' })).toHaveAttribute(
    'title',
    'What the guest sees.',
  );
  await page.locator('.places').getByRole('link', { name: 'powernv9' }).click();
  await expect(page.locator('.facts')).toContainText('isolationvictims DSCR, AMR');
});

test('the keys [ and ] go through the registers that the filters leave, and Table goes back to them', async ({
  openReport,
  page,
}) => {
  const report = await openReport(undefined, '#/register/MMCR3?differ=yes');
  await page.keyboard.press(']');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('DEXCR');
  await page.keyboard.press('[');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('MMCR3');
  await page.keyboard.press('[');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('LPCR');
  await page.getByRole('link', { name: '← Table' }).click();
  expect(await report.registers()).toEqual(['LPCR', 'MMCR3', 'DEXCR']);
});

test('a command can be copied', async ({ openReport, page }) => {
  await openReport(feedOf(SMALL_RECORDS), '#/register/LPCR?cell=debian-6.1/powernv9');
  const chosen = page.getByRole('region', { name: 'The cell looked at' });
  await chosen.getByRole('button', { name: 'Copy' }).click();
  await expect(chosen.getByRole('status')).toHaveText(/^(copied|selected)/);
});
