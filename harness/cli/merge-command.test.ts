import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { readBaselines } from '../judge/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { rejectionOf, row, test } from '../record/record.fixture.js';
import { recordPath, writeRecord } from '../record/record-files.js';
import { isNewerThanBaseline, mergeCommand } from './merge-command.js';

/** Two cells with all registers, as a run writes them. */
async function twoCells(): Promise<[CellRecord, CellRecord]> {
  const [first, second] = await readBaselines();
  if (first === undefined || second === undefined) throw new Error('there are no baselines');
  return [first, second];
}

test('records of shards lie in one folder, byte for byte', async ({ folder }) => {
  const [a, b] = await twoCells();
  const [one, two, out] = ['1', '2', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const paths = [await writeRecord(one, a), await writeRecord(two, b), await writeRecord(two, a)];
  expect(await mergeCommand([one, two], { out, addBaselines: false })).toBe(
    `2 cells of 1 kernels from 2 folders, 1 there more than once and equal; records: ${out}/records`,
  );
  for (const [index, { cell }] of [a, b].entries()) {
    const merged = await readFile(recordPath(out, cell.kernel, cell.platform), 'utf8');
    expect(merged).toBe(await readFile(paths[index] ?? '', 'utf8'));
  }
});

test('nothing is written when two shards contradict each other', async ({ folder }) => {
  const [a] = await twoCells();
  const [one, two, out] = ['1', '2', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const path = await writeRecord(one, a);
  await writeRecord(two, { ...a, registers: { ...a.registers, IAC1: row('lost', { size: 64 }) } });
  const error = await rejectionOf(mergeCommand([one, two], { out, addBaselines: false }));
  expect([error.code, error.evidence[0]]).toEqual([
    'RECORDS_CONTRADICT',
    `${path}: support absent`,
  ]);
  expect((await rejectionOf(mergeCommand([out], { out, addBaselines: false }))).code).toBe(
    'RECORD_NOT_READ',
  );
});

test('folders without a record are a usage error', async ({ folder }) => {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const error = await rejectionOf(mergeCommand([empty], { out: folder, addBaselines: true }));
  expect([error.kind, error.message]).toEqual(['usage', `there is no record in ${empty}`]);
});

test('a record becomes a baseline when its cell has none, or one of an older release', async () => {
  const [known] = (await readBaselines()).filter(({ cell }) => cell.kernel === 'debian-6.1');
  if (known?.kernel.package == null) throw new Error('debian-6.1 has no baseline');
  const of = (version: string): CellRecord => ({
    ...known,
    kernel: { ...known.kernel, package: { name: 'linux-image', version } },
  });
  const baselines = [of('6.1.176-1')];
  expect(isNewerThanBaseline(of('6.1.177-1'), baselines)).toBe(true);
  for (const version of ['6.1.176-1', '6.1.99-1']) {
    expect(isNewerThanBaseline(of(version), baselines), version).toBe(false);
  }
  expect(
    isNewerThanBaseline({ ...known, kernel: { ...known.kernel, package: null } }, baselines),
  ).toBe(false);
  expect(
    isNewerThanBaseline({ ...known, cell: { ...known.cell, kernel: 'debian-9.9' } }, baselines),
  ).toBe(true);
});
