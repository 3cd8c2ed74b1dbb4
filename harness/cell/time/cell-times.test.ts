import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { readBaselines } from '../../judge/baseline.js';
import { SNAPSHOT_BYTES, SNAPSHOT_LIMITS } from '../../machine/snapshots/snapshot-store.js';
import { cellName } from '../../record/cell-name.js';
import { noteCellTimes, readCellTimes } from './cell-times.js';
import { errorOf, record, test } from '../../record/record.fixture.js';

test('every baseline has a time, so that shards are balanced by measurements', async () => {
  const times = readCellTimes();
  const cells = (await readBaselines()).map(({ cell }) => cellName(cell));
  expect(cells.filter((cell) => times[cell] === undefined)).toEqual([]);
});

test('a new cell and one that takes twice or half the time are noted, others stay', async ({
  folder,
}) => {
  const path = join(folder, 'times.json');
  const cells = ['powernv8', 'powernv9', 'powernv10', 'powernv11'];
  await writeFile(
    path,
    '{"debian-6.1/powernv8": 850, "debian-6.1/powernv9": 851, "debian-6.1/powernv10": 3400}',
  );
  const records = cells.map((platform) => record({ platform }));
  expect(await noteCellTimes(records, path)).toEqual([
    'debian-6.1/powernv8',
    'debian-6.1/powernv10',
    'debian-6.1/powernv11',
  ]);
  expect(await readFile(path, 'utf8')).toBe(`{
  "debian-6.1/powernv8": 1700,
  "debian-6.1/powernv9": 851,
  "debian-6.1/powernv10": 1700,
  "debian-6.1/powernv11": 1700
}
`);
  expect(await noteCellTimes(records, path)).toEqual([]);
});

test('a time that is none is reported with its cell', async ({ folder }) => {
  const path = join(folder, 'times.json');
  await writeFile(path, '{"debian-6.1/powernv8": "soon"}');
  const error = errorOf(() => readCellTimes(path));
  expect([error.code, error.message, error.evidence]).toEqual([
    'DATA_INVALID',
    `${path} does not follow its schema`,
    ['/debian-6.1~1powernv8 must be integer'],
  ]);
});

// A cache that lacks room for one removes the one that a run of all asks for next.
test('the saved machines of every cell that was timed fit into the cache', () => {
  const cells = Object.keys(readCellTimes()).length;
  expect(cells).toBeGreaterThan(100);
  expect(cells * SNAPSHOT_BYTES).toBeLessThan(SNAPSHOT_LIMITS.maxBytes);
});
