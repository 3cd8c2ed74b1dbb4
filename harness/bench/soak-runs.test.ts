import { expect, test } from '@playwright/test';
import { readRun, soakSummary, soakWays } from './soak-runs.js';

const QEMUS = [
  { version: '10.0.2', path: '/a' },
  { version: '11.1.3', path: '/b' },
];

test('of the ways half have load, half boot, and each QEMU has all four', () => {
  const ways = soakWays(QEMUS, 4);
  expect(ways).toHaveLength(8);
  expect(ways.filter(({ load }) => load === 4)).toHaveLength(4);
  expect(ways.filter(({ isCold }) => isCold)).toHaveLength(4);
  expect(ways.filter(({ path }) => path === '/b')).toHaveLength(4);
});

test('a run is read by its last line, and its troubles are kept', () => {
  const line = '6 of 6 cells recorded, 0 skipped, 0 deviations, 0 failures; records: out/records';
  expect(
    readRun(`debian-6.12/pseries-p9-nested: emulator: QEMU 10.0.2 let 1 guest go on\n${line}`),
  ).toEqual({
    ...{ cells: 6, deviations: 0, failures: 0, lateCells: 1, trouble: [] },
  });
  const bad = '5 of 6 cells recorded, 0 skipped, 1 deviation, 1 failure; records: out/records';
  expect(readRun(`LPCR on x\n${bad}`)).toEqual({
    ...{ cells: 5, deviations: 1, failures: 1, lateCells: 0, trouble: ['LPCR on x', bad] },
  });
});

test('a run that says nothing of its cells is a failure with what it said', () => {
  expect(readRun('sprmatrix: no space left')).toEqual({
    ...{
      cells: 0,
      deviations: 0,
      failures: 1,
      lateCells: 0,
      trouble: ['sprmatrix: no space left'],
    },
  });
});

test('the summary has a line for each way that was run, and one for all', () => {
  const [quiet] = soakWays(QEMUS.slice(0, 1), 4);
  if (quiet === undefined) throw new Error('no way');
  const figures = {
    cells: 6,
    deviations: 0,
    failures: 0,
    lateCells: 1,
    leftQemus: 0,
    ms: 12_000,
    trouble: [],
  };
  expect(
    soakSummary([
      { way: quiet, figures },
      { way: quiet, figures },
    ]),
  ).toBe(
    `QEMU 10.0.2, booted, quiet: 12 cells, 0 deviations, 0 failures, 2 with a guest brought back, 0 QEMUs left, 2.00 s a cell
all: 12 cells, 0 deviations, 0 failures, 2 with a guest brought back, 0 QEMUs left, 2.00 s a cell`,
  );
});
