import { expect, test } from '@playwright/test';
import type { PlannedCell } from '../../cell/cell.js';
import { qemuLines } from './qemu-lines.js';

/** As much of a cell as is looked at. */
const on = (version?: string, folder = '/q'): PlannedCell =>
  ({
    platform: { cold: [{ qemu: '<10', reason: 'hangs' }] },
    ...(version === undefined ? {} : { qemu: { version, path: `${folder}/${version}` } }),
  }) as unknown as PlannedCell;

test('each QEMU of a run is a line, with its number of cells and why it is used', () => {
  expect(qemuLines([on('7.2.22'), on(), on('10.0.2'), on('7.2.22')], false)).toEqual([
    'QEMU 7.2.22 (/q/7.2.22) for 2 cells: the oldest here that the platform can use; none restores its machines',
    'QEMU 10.0.2 (/q/10.0.2) for 1 cell: the oldest here that restores machines from snapshots',
  ]);
  expect(qemuLines([on('9.0.0')], true)).toEqual([
    'QEMU 9.0.0 (/q/9.0.0) for 1 cell: it was named',
  ]);
  expect(qemuLines([on()], false)).toEqual([]);
});

test('a path with a % is what it is', () => {
  expect(qemuLines([on('9.0.0', '/q%20'), on('9.0.0', '/q%20')], true)).toEqual([
    'QEMU 9.0.0 (/q%20/9.0.0) for 2 cells: it was named',
  ]);
});
