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

test('a report of records without baselines says nothing of QEMUs', async ({ openReport }) => {
  const { page } = await openReport();
  await expect(page.getByText('What each QEMU does otherwise')).toHaveCount(0);
});
