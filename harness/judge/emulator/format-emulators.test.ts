import { expect, test } from '@playwright/test';
import { record, row } from '../../record/record.fixture.js';
import type { MigrationTable } from '../../record/migration.generated.js';
import { toBaseline } from '../baseline.js';
import { formatEmulators } from './format-emulators.js';

test('the page says which QEMUs were measured, what each does otherwise, and why', () => {
  const baseline = {
    ...toBaseline(record({ qemu: '10.0.2' })),
    emulators: [
      {
        ...{ from: '7.2.20', to: '7.2.22' },
        differs: [{ reason: 'old-lpcr', registers: { LPCR: row('lost') } }],
      },
      { from: '10.0.2', to: '10.0.2', differs: [] },
    ],
  };
  const text = formatEmulators([baseline], {
    reference: { line: '10.0', why: 'a test says so' },
    reasons: [
      {
        ...{ id: 'old-lpcr', qemu: '<8.1.0', platforms: ['powernv9'], registers: ['LPCR'] },
        ...{ what: 'its a_b is old', source: 'cpu.c: f', commit: 'abc "mend it", 8.1' },
      },
    ],
  });
  expect(text).toContain('The reference line is 10.0: a test says so.');
  expect(text).toContain('| 7.2.20 | 1 | 1 |\n| 7.2.22 | 1 | 1 |\n| 10.0.2 | 1 | 0 |');
  expect(text).toContain(
    '| 7.2.20 to 7.2.22 | powernv9 | LPCR | its a\\_b is old (cpu.c: f; abc "mend it", 8.1) | 1 |',
  );
});

test('the page says how many migrations were measured under each QEMU, and how many lose otherwise', () => {
  const from = { kernel: 'a', platform: 'powernv9' };
  const table: MigrationTable = {
    ...{ format: 2, platform: 'powernv9', qemus: ['10.0.2', '7.2.22'] },
    losses: [],
    pairs: [
      { ...{ from, to: 'a', kept: 1 }, lost: [] },
      { ...{ from, to: 'b', kept: 1 }, lost: [], under: [0] },
    ],
    differs: [
      { ...{ qemu: '7.2.22', register: 'ACOP' }, pairs: [0] },
      { ...{ qemu: '7.2.22', register: 'DSCR' }, pairs: [0] },
    ],
  };
  const facts = { reference: { line: '10.0', why: 'a test says so' }, reasons: [] };
  expect(formatEmulators([], facts, [table])).toContain('| 7.2.22 | 1 | 1 |\n| 10.0.2 | 2 | 0 |');
});
