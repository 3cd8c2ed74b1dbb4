import { readFile } from 'node:fs/promises';
import { repositoryPath } from '../../../harness/base/paths.js';
import { loadFeed } from '../../../reports/load-feed.js';
import { feedOf, SMALL_RECORDS } from '../../../reports/testing/feeds.js';
import { expect, test } from './report-page.js';

const EMULATORS = {
  line: '10.0',
  why: 'most runs use it',
  measured: [
    { version: '7.2.22', cells: 4, otherwise: 3 },
    { version: '10.0.2', cells: 5, otherwise: 0 },
  ],
  differences: [
    {
      ...{ id: 'old-acop', versions: ['7.2.22'], platforms: ['powernv10', 'powernv9'] },
      ...{ subjects: ['ACOP', 'KVM_CAP_PPC_HTM'], cells: 3 },
      ...{ what: 'its <b>ACOP</b> is old', source: 'cpu_init.c: f', commit: 'abc "mend", 8.1' },
    },
  ],
};

test('what each QEMU does otherwise stands under the table, with its reason', async ({
  openReport,
}) => {
  const { page } = await openReport({ ...feedOf(SMALL_RECORDS), emulators: EMULATORS });
  const part = page.getByRole('region', { name: 'What each QEMU does otherwise' }).first();
  await expect(part).toContainText(
    'Cells measured: 7.2.22: 4 (3 otherwise), 10.0.2: 5 (none otherwise).',
  );
  await expect(part.locator('tbody tr > *')).toHaveText([
    '7.2.22',
    'ACOP, KVM_CAP_PPC_HTM',
    'its <b>ACOP</b> is old (cpu_init.c: f; abc "mend", 8.1)',
    'powernv10, powernv9',
    '3',
  ]);
});

/** The rows of a Markdown table, below the line that begins with `head`, as the texts of their fields. */
function tableRows(markdown: string, head: string): string[][] {
  const lines = markdown.split('\n');
  const first = lines.findIndex((line) => line.startsWith(head)) + 2;
  const end = lines.findIndex((line, index) => index >= first && line === '');
  return lines.slice(first, end).map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((field) => field.trim().replaceAll('\\', '')),
  );
}

test('what docs/qemu.md says of QEMUs stands in the report of the baselines, too', async ({
  openReport,
}) => {
  const docs = await readFile(repositoryPath('docs', 'qemu.md'), 'utf8');
  const { page } = await openReport(await loadFeed());
  const part = page.getByRole('region', { name: 'What each QEMU does otherwise' }).first();
  const measured = tableRows(docs, '| QEMU    | cells measured');
  expect(measured.length).toBeGreaterThan(1);
  for (const [version = '', cells = '', otherwise = ''] of measured) {
    const few = otherwise === '0' ? 'none' : otherwise;
    await expect(part).toContainText(`${version}: ${cells} (${few} otherwise)`);
  }
  const ways = tableRows(docs, '| QEMU   | platforms');
  expect(ways.length).toBeGreaterThan(1);
  const rows = part.locator('tbody tr');
  await expect(rows).toHaveCount(ways.length);
  for (const [index, [versions = '', platforms = '', what = '']] of ways.entries()) {
    const fields = rows.nth(index).locator('> *');
    await expect(fields.nth(0)).toHaveText(versions);
    await expect(fields.nth(1)).toHaveText(what);
    await expect(fields.nth(3)).toHaveText(platforms);
  }
});

test('a report of records without baselines says nothing of QEMUs', async ({ openReport }) => {
  const { page } = await openReport();
  await expect(page.getByText('What each QEMU does otherwise')).toHaveCount(0);
});
