import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { FAULTS } from '../../../fixtures/broken-kernels/faults.js';
import { KernelSource } from '../../../fixtures/broken-kernels/kernel-source.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';
import { readBaseline, readBaselines } from '../../../harness/judge/baseline.js';
import { underQemuOf } from '../../../harness/judge/emulator/under-qemu.js';
import type { CellRecord } from '../../../harness/record/cell-record.js';
import { changedFields } from '../../../harness/record/compare-rows.js';
import {
  checkFindings,
  checkText,
  HOSTILE_CHECKS,
} from '../../../harness/record/hostile-checks.js';
import { BUILD_MS, newDeviations, recordOf } from './broken-cells.js';

/*
 * The probes are proved: 5.10 is built with one fault of our own making after the other, and the record of
 * each must differ from the sound kernel's in what was broken, as it was broken, and in nothing else.
 */
const LINE = 'build-5.10';
const PLATFORM = 'pseries-p10-nested';
const CELL = { platform: PLATFORM, isDeep: false };

const test = base.extend<object, { source: KernelSource; sound: CellRecord }>({
  source: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants the first argument destructured
    async ({}, use) => {
      const source = await KernelSource.open(LINE);
      await use(source);
      await source.edit([]);
    },
    { scope: 'worker', timeout: BUILD_MS },
  ],
  sound: [
    async ({ source }, use, worker) => {
      const folder = join(worker.project.outputDir, 'sound');
      await use(await recordOf(source, CELL, await source.build([], folder), folder));
    },
    { scope: 'worker', timeout: BUILD_MS },
  ],
});
await skipWithoutBuildTools();
// One source, and one kernel at a time: each test builds one.
test.describe.configure({ mode: 'default', timeout: BUILD_MS });

/** By register: the fields that are not those of the sound kernel. */
function changedRows(sound: CellRecord, broken: CellRecord): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(broken.registers).flatMap(([name, row]) => {
      const before = sound.registers[name];
      if (before === undefined) throw new Error(`the sound kernel has no ${name}`);
      // What the other fields say otherwise, the digest says too.
      const fields = changedFields(before, row)
        .map(({ field }) => field)
        .filter((field) => field !== 'digest');
      return fields.length === 0
        ? []
        : [[name, Object.fromEntries(fields.map((field) => [field, row[field]]))]];
    }),
  );
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** By check: what it says, where the sound kernel's says something else. */
function changedChecks(sound: CellRecord, broken: CellRecord): Record<string, string> {
  return Object.fromEntries(
    HOSTILE_CHECKS.flatMap((name) => {
      const check = broken.hostile?.checks[name];
      if (check === undefined || isEqual(check, sound.hostile?.checks[name])) return [];
      const findings = checkFindings(check).filter((line) => !line.startsWith('console: '));
      const text = [checkText(check), ...findings].join('\n');
      // Where in a function, and which file, another compiler says otherwise.
      return [[name, text.replace(/\+0x.*$/m, '')]];
    }),
  );
}

test('the sound kernel is the one whose baseline is on record', async ({ sound }) => {
  const baseline = await readBaseline(LINE, PLATFORM);
  if (baseline === undefined) throw new Error(`${LINE} has no baseline`);
  const expected = underQemuOf(sound, await readBaselines())(baseline);
  expect(changedRows(expected, sound)).toEqual({});
});

for (const { title, edits, ...expected } of FAULTS) {
  test(title, async ({ source, sound }) => {
    const folder = test.info().outputPath('out');
    const broken = await recordOf(source, CELL, await source.build(edits, folder), folder);
    expect(changedRows(sound, broken)).toEqual(expected.rows ?? {});
    expect(changedChecks(sound, broken)).toEqual(expected.checks ?? {});
    expect(newDeviations(sound, broken)).toEqual(expected.deviations);
  });
}
