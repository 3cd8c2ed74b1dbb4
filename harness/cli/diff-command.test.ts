import { join } from 'node:path';
import { expect } from '@playwright/test';
import { record, rejectionOf, row, test } from '../record/record.fixture.js';
import { recordPath, writeRecord } from '../record/record-files.js';
import { diffCommand } from './diff-command.js';

const text = { json: false };

test('two folders with the same answers do not differ: 0', async ({ folder }) => {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  await writeRecord(a, record());
  await writeRecord(b, record());
  expect(await diffCommand(a, b, text)).toEqual({
    exitCode: 0,
    text: `debian-6.1/powernv9: ${a} and ${b}: no difference in 3 registers`,
  });
});

test('a register that differs is named, with both answers: 1', async ({ folder }) => {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  await writeRecord(a, record());
  const changed = record({}, { ...record().registers, DSCR: row('absent') });
  await writeRecord(b, changed);
  await writeRecord(b, record({ platform: 'powernv8' }));
  const { text: said, exitCode } = await diffCommand(a, b, text);
  expect(exitCode).toBe(1);
  const lines = said.split('\n');
  expect(lines[0]).toBe(`debian-6.1/powernv9: ${a} and ${b}: 1 of 3 registers differs`);
  expect(lines[1]).toMatch(/^ {2}DSCR: .*exact.*absent/);
  expect(lines[2]).toBe(`only in ${b}: debian-6.1/powernv8`);
});

test('a side may be a record, its folder of records or the output folder', async ({ folder }) => {
  await writeRecord(folder, record());
  const sides = [folder, join(folder, 'records'), recordPath(folder, 'debian-6.1', 'powernv9')];
  for (const side of sides) {
    expect((await diffCommand(folder, side, text)).exitCode, side).toBe(0);
  }
});

test('records of two kernels are compared under their own names', async ({ folder }) => {
  for (const kernel of ['debian-6.1', 'debian-6.12']) await writeRecord(folder, record({ kernel }));
  const older = recordPath(folder, 'debian-6.1', 'powernv9');
  const newer = recordPath(folder, 'debian-6.12', 'powernv9');
  const { text: said, exitCode } = await diffCommand(older, newer, text);
  expect(said.split('\n')[0]).toBe(
    'debian-6.1/powernv9 and debian-6.12/powernv9: no difference in 3 registers',
  );
  expect(exitCode).toBe(0);
});

test('with --json the difference is data', async ({ folder }) => {
  await writeRecord(folder, record());
  const { text: said } = await diffCommand(folder, folder, { json: true });
  expect(JSON.parse(said)).toMatchObject({ pairs: [{ registers: [] }], onlyA: [], onlyB: [] });
});

test('a side that is nothing of all that is a usage error that says what a side can be', async ({
  folder,
}) => {
  const error = await rejectionOf(diffCommand(folder, 'no-such-kernel', text));
  expect([error.kind, error.hint]).toEqual([
    'usage',
    'a side is a .json record, a folder of records such as out, or a kernel with baselines',
  ]);
  expect(error.message).toContain('no record, folder or baseline kernel matches "no-such-kernel"');
});
