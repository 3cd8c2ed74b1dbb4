import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../../base/paths.js';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import { loadPlatforms } from '../../machine/platforms.js';
import type { CellRecord, RegisterRecord } from '../../record/cell-record.js';
import { judgedColumns } from '../judged-columns.js';
import { matrixTable } from '../progress/matrix-table.js';
import type { CellOutcome } from '../../cell/run-matrix.js';
import type { EmulatedCell } from '../../cell/cell.js';
import { WatchedRuns } from './watched-run.js';

const baseline = JSON.parse(
  readFileSync(repositoryPath('matrix/baseline/debian-6.12/pseries-p9-nested.json'), 'utf8'),
) as CellRecord;

/** A cell of ./vmlinux as it was built with this hash, on the n-th platform. */
function cellOf(hash: string, index = 0): EmulatedCell {
  const platform = loadPlatforms()[index];
  if (platform === undefined) throw new Error(`no platform ${index}`);
  const kernel: KernelEntry = {
    ...{ id: `file-6.19.0-${hash}`, line: '6.19', version: '6.19.0', variant: '' },
    source: {
      ...{ kind: 'file', image: '/linux/vmlinux', sha256: hash.repeat(8) },
      given: { kernel: '/linux/vmlinux', modules: [] },
    },
  };
  return { kernel, platform };
}

/** What such a cell answered: the baseline with other rows. */
function recorded(cell: EmulatedCell, rows: Record<string, Partial<RegisterRecord>> = {}) {
  const registers = { ...baseline.registers };
  for (const [name, fields] of Object.entries(rows)) {
    const row = registers[name];
    if (row === undefined) throw new Error(`no register ${name}`);
    registers[name] = { ...row, ...fields };
  }
  const record: CellRecord = {
    ...baseline,
    cell: { ...baseline.cell, kernel: cell.kernel.id, platform: cell.platform.id },
    registers,
  };
  return { cell, record, path: 'out' } satisfies CellOutcome;
}

test('the first run is a table; each later one is what differs from the run before', async () => {
  const runs = new WatchedRuns();
  const first = recorded(cellOf('aaaaaaaa'));
  const other = recorded(cellOf('aaaaaaaa', 1));
  expect(await runs.tell([first, other], 4200)).toBe(
    `${matrixTable(await judgedColumns([first.record, other.record]))}\nrun 1: 2 cells recorded (4.2 s)`,
  );
  const again = [recorded(cellOf('bbbbbbbb')), recorded(cellOf('bbbbbbbb', 1))];
  expect(await runs.tell(again, 3000)).toBe('run 2: no register changed (3.0 s)');
  const lost = recorded(cellOf('cccccccc'), { MMCR3: { support: 'lost' } });
  const platform = lost.cell.platform.id;
  expect(await runs.tell([lost, recorded(cellOf('cccccccc', 1))], 3100)).toBe(
    [
      `file-6.19.0-bbbbbbbb/${platform} and file-6.19.0-cccccccc/${platform}: 1 of ${Object.keys(baseline.registers).length} registers differs`,
      '  MMCR3: exact in the run before, lost in this run',
      'run 3: 1 register changed (3.1 s)',
    ].join('\n'),
  );
});

test('a kernel that does not boot is a failure, and the next is compared with the one before it', async () => {
  const runs = new WatchedRuns();
  await runs.tell([recorded(cellOf('aaaaaaaa'))], 4000);
  const broken = { cell: cellOf('bbbbbbbb'), error: new Error('no hello') };
  expect(await runs.tell([broken], 60_000)).toBe('run 2: 1 cell failed (60.0 s)');
  const mended = recorded(cellOf('cccccccc'), { MMCR3: { support: 'lost' } });
  expect(await runs.tell([mended], 4000)).toContain(
    'MMCR3: exact in the run before, lost in this run',
  );
});

test('a run in which nothing can run says so', async () => {
  const skipped = { cell: cellOf('aaaaaaaa'), obstacle: 'no QEMU' };
  expect(await new WatchedRuns().tell([skipped], 0)).toBe('run 1: no cell can run here (0.0 s)');
});
