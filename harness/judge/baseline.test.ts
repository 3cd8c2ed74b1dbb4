import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import {
  isMeasuredUnder,
  readBaseline,
  readBaselines,
  toBaseline,
  writeBaseline,
} from './baseline.js';
import { NAMES, record, rejectionOf, row, test } from '../record/record.fixture.js';

test('a baseline is the record without harness and timings', async ({ folder }) => {
  const path = await writeBaseline(record(), { folder, names: NAMES });
  expect(path).toBe(join(folder, 'debian-6.1', 'powernv9.json'));
  const { harness, timings, ...rest } = record();
  expect([harness, timings]).not.toContain(undefined);
  expect(await readBaseline('debian-6.1', 'powernv9', { folder, names: NAMES })).toEqual({
    ...rest,
    seal: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown as string,
  });
});

test('two runs of one cell give the same baseline, byte by byte', async ({ folder }) => {
  const path = await writeBaseline(record(), { folder, names: NAMES });
  const first = await readFile(path, 'utf8');
  const again = {
    ...record(),
    timings: { bootMs: 1700 },
    harness: { version: '0.2.0', commit: 'b'.repeat(40) },
    registers: Object.fromEntries(Object.entries(record().registers).reverse()),
  };
  await writeBaseline(again, { folder, names: NAMES });
  expect(await readFile(path, 'utf8')).toBe(first);
});

test('a cell without a baseline has none, and so has a repository without any', async ({
  folder,
}) => {
  expect(await readBaseline('debian-6.1', 'powernv9', { folder })).toBeUndefined();
  expect(await readBaselines({ folder: join(folder, 'none') })).toEqual([]);
  await writeBaseline(record(), { folder });
  expect(await readBaselines({ folder })).toEqual([
    { ...toBaseline(record()), seal: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown as string },
  ]);
});

test('a version of QEMU is measured on a platform when one baseline there says so; no more are read', async ({
  folder,
}) => {
  await writeBaseline(record({ qemu: '10.0.2' }), { folder });
  await mkdir(join(folder, 'debian-6.2'));
  await writeFile(join(folder, 'debian-6.2', 'powernv9.json'), '{');
  expect(await isMeasuredUnder('10.0.2', 'powernv9', { folder })).toBe(true);
  expect(await isMeasuredUnder('10.0.2', 'powernv8', { folder })).toBe(false);
  expect(await rejectionOf(isMeasuredUnder('11.1.3', 'powernv9', { folder }))).toMatchObject({
    code: 'RECORD_INVALID',
  });
  expect(await isMeasuredUnder('10.0.2', 'powernv9', { folder: join(folder, 'none') })).toBe(false);
});

test('a baseline that lacks a register of the table is refused by name', async ({ folder }) => {
  await writeBaseline(record(), { folder });
  const names = [...NAMES, 'DEXCR'];
  const error = await rejectionOf(readBaseline('debian-6.1', 'powernv9', { folder, names }));
  expect(error.message).toBe(
    `${join(folder, 'debian-6.1', 'powernv9.json')}: not a valid record: register DEXCR: missing; a record has all 4 registers`,
  );
});

const PARTIAL = { DABR: row('untested'), DSCR: row('lost'), LPCR: row('untested') };

test('registers that were not asked keep the baseline they have', async ({ folder }) => {
  await writeBaseline(record(), { folder });
  await writeBaseline(record({}, PARTIAL), { folder });
  const baseline = await readBaseline('debian-6.1', 'powernv9', { folder });
  expect(baseline?.registers).toEqual({ ...record().registers, DSCR: row('lost') });
});

test('registers that were not asked are not mixed with those of another machine', async ({
  folder,
}) => {
  await writeBaseline(record({ qemu: '10.0.2' }), { folder });
  const error = await rejectionOf(writeBaseline(record({}, PARTIAL), { folder }));
  expect(error).toMatchObject({
    code: 'BASELINE_INCOMPLETE',
    kind: 'usage',
    message: 'debian-6.1/powernv9: no baseline of it: 2 of 3 registers were not asked (DABR ...)',
    hint: 'run it without --register: the baseline there is of another kernel image or machine',
  });
  expect(await readBaseline('debian-6.1', 'powernv9', { folder })).toEqual({
    ...toBaseline(record({ qemu: '10.0.2' })),
    seal: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown as string,
  });
});

test('a record in which the harness failed becomes no baseline', async ({ folder }) => {
  const failed = record({}, { ...record().registers, DSCR: row('error') });
  expect(await rejectionOf(writeBaseline(failed, { folder }))).toMatchObject({
    code: 'BASELINE_INCOMPLETE',
    kind: 'harness',
    message:
      'debian-6.1/powernv9: no baseline of it: 1 of 3 registers ended in an error of the harness (DSCR)',
  });
  expect(await readBaselines({ folder })).toEqual([]);
});
