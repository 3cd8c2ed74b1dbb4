import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { FAULTS } from '../../../fixtures/broken-kernels/faults.js';
import { INTERPLAY_FAULTS } from '../../../fixtures/broken-kernels/interplay-faults.js';
import { KernelSource } from '../../../fixtures/broken-kernels/kernel-source.js';
import type { SourceEdit } from '../../../fixtures/broken-kernels/source-edits.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';
import { readFileKernel } from '../../../harness/kernels/file-kernel.js';
import { prepareKernel } from '../../../harness/kernels/prepare-kernel.js';
import { availableQemus } from '../../../harness/machine/available-qemus.js';
import { chooseQemu } from '../../../harness/machine/obstacles.js';
import type { QemuBinary } from '../../../harness/machine/qemu-binary.js';
import { findQemu } from '../../../harness/machine/qemu-binary.js';
import { DEFAULT_HOSTILE } from '../../../harness/probe/hostile/hostile-plan.js';
import { runCell } from '../../../harness/cell/run-cell.js';
import { readBaseline, readBaselines } from '../../../harness/judge/baseline.js';
import { underQemuOf } from '../../../harness/judge/emulator/under-qemu.js';
import type { CellRecord } from '../../../harness/record/cell-record.js';
import { changedFields } from '../../../harness/record/compare-rows.js';
import {
  checkFindings,
  checkText,
  HOSTILE_CHECKS,
} from '../../../harness/record/hostile-checks.js';
import { findDeviations, judgeCell } from '../../../harness/judge/judge-cell.js';
import { AGENT, testPlatform } from '../faults/booted.js';

/*
 * The probes are proved: 5.10 is built with one fault of our own making after the other, and the record of
 * each must differ from the sound kernel's in what was broken, as it was broken, and in nothing else.
 */
const LINE = 'build-5.10';
const PLATFORM = 'pseries-p10-nested';
/** A whole build on two busy cores. */
const BUILD_MS = 1_800_000;

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
      await use(await recordOf(source, [], join(worker.project.outputDir, 'sound')));
    },
    { scope: 'worker', timeout: BUILD_MS },
  ],
});
await skipWithoutBuildTools();
// One source, and one kernel at a time: each test builds one.
test.describe.configure({ mode: 'default', timeout: BUILD_MS });

/** The record of the kernel that the source is with these edits. */
async function recordOf(
  source: KernelSource,
  edits: readonly SourceEdit[],
  folder: string,
  deepOn?: string,
): Promise<CellRecord> {
  const image = await source.build(edits, folder);
  return runCell({
    kernel: await prepareKernel(await readFileKernel(image)),
    platform: testPlatform(deepOn ?? PLATFORM),
    qemu: deepOn === undefined ? await findQemu() : await qemuOf(deepOn),
    agentPath: AGENT,
    hostile: DEFAULT_HOSTILE,
    isDeep: deepOn !== undefined,
    outFolder: folder,
    reproduce: 'npx playwright test --project=proofs',
  });
}

/** The QEMU that `run` takes for a cell of the sound kernel. */
async function qemuOf(platform: string): Promise<QemuBinary> {
  const kernel = { id: LINE, version: '5.10' };
  const choice = chooseQemu(testPlatform(platform), kernel, await availableQemus());
  if (choice.obstacle !== undefined) throw new Error(choice.obstacle);
  return choice.qemu;
}

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

/** The deviations of a record, judged by the sound kernel's, that that one has not. */
function newDeviations(sound: CellRecord, broken: CellRecord): string[] {
  const of = (record: CellRecord): string[] =>
    findDeviations(record, { baseline: { ...sound, cell: record.cell } }).map(
      ({ register, check, rule }) => `${register ?? check} ${rule}`,
    );
  const known = new Set(of(sound));
  return of(broken).filter((deviation) => !known.has(deviation));
}

test('the sound kernel is the one whose baseline is on record', async ({ sound }) => {
  const baseline = await readBaseline(LINE, PLATFORM);
  if (baseline === undefined) throw new Error(`${LINE} has no baseline`);
  const expected = underQemuOf(sound, await readBaselines())(baseline);
  expect(changedRows(expected, sound)).toEqual({});
});

for (const { title, edits, ...expected } of FAULTS) {
  test(title, async ({ source, sound }) => {
    const broken = await recordOf(source, edits, test.info().outputPath('out'));
    expect(changedRows(sound, broken)).toEqual(expected.rows ?? {});
    expect(changedChecks(sound, broken)).toEqual(expected.checks ?? {});
    expect(newDeviations(sound, broken)).toEqual(expected.deviations);
  });
}

for (const platform of [PLATFORM, 'powernv8']) {
  const faults = INTERPLAY_FAULTS.filter((fault) => (fault.platform ?? PLATFORM) === platform);
  test(`faults between calls are found on ${platform}, all in one kernel, and the sound one has none`, async ({
    source,
  }) => {
    const sound = await recordOf(source, [], test.info().outputPath('sound'), platform);
    const own = { ...sound, cell: { kernel: LINE, platform } };
    const { unexcused } = await judgeCell(own);
    expect(unexcused.map(({ message }) => message)).toEqual([]);
    const edits = faults.flatMap((fault) => fault.edits);
    const broken = await recordOf(source, edits, test.info().outputPath('out'), platform);
    const found = new Set(newDeviations(sound, broken));
    const missed = faults.filter(({ item, rule }) => !found.has(`${item} ${rule}`));
    expect(missed.map(({ title }) => title)).toEqual([]);
  });
}
