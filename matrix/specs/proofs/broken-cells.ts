import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { BrokenKernel } from '../../../fixtures/broken-kernels/between-calls/fault.js';
import { KernelSource } from '../../../fixtures/broken-kernels/kernel-source.js';
import { runCell } from '../../../harness/cell/run-cell.js';
import { findDeviations, judgeCell } from '../../../harness/judge/judge-cell.js';
import { readFileKernel } from '../../../harness/kernels/file-kernel.js';
import { prepareKernel } from '../../../harness/kernels/prepare-kernel.js';
import { agentPath } from '../../../harness/machine/agent-binary.js';
import { availableQemus } from '../../../harness/machine/available-qemus.js';
import { chooseQemu } from '../../../harness/machine/obstacles.js';
import { DEFAULT_HOSTILE } from '../../../harness/probe/hostile/hostile-plan.js';
import type { CellRecord } from '../../../harness/record/cell-record.js';
import { testPlatform } from '../faults/booted.js';

/** A whole build on two busy cores. */
export const BUILD_MS = 1_800_000;

/** The record of an image that was built of a source, under the QEMU that `run` takes for the sound one. */
export async function recordOf(
  source: KernelSource,
  { platform: id, isDeep }: { readonly platform: string; readonly isDeep: boolean },
  image: string,
  folder: string,
): Promise<CellRecord> {
  const platform = testPlatform(id);
  const { line, byteOrder } = source;
  const kernel = { id: line, version: line.replace(/^build-([\d.]+).*$/, '$1') };
  const choice = chooseQemu(platform, kernel, await availableQemus());
  if (choice.obstacle !== undefined) throw new Error(choice.obstacle);
  return runCell({
    kernel: await prepareKernel(await readFileKernel(image)),
    platform,
    qemu: choice.qemu,
    agentPath: agentPath(byteOrder),
    hostile: DEFAULT_HOSTILE,
    isDeep,
    outFolder: folder,
    reproduce: 'npx playwright test --project=proofs',
  });
}

/** The deviations of a record, judged by the sound kernel's, that that one has not. */
export function newDeviations(sound: CellRecord, broken: CellRecord): string[] {
  const of = (record: CellRecord): string[] =>
    findDeviations(record, { baseline: { ...sound, cell: record.cell } }).map(
      ({ register, check, rule }) => `${register ?? check} ${rule}`,
    );
  const known = new Set(of(sound));
  return of(broken).filter((deviation) => !known.has(deviation));
}

/** By line: the image of the sound kernel, which every test of it has. */
const soundImages = new Map<string, string>();

async function soundImage(source: KernelSource): Promise<string> {
  const { line } = source;
  const known = soundImages.get(line);
  const folder = join(test.info().project.outputDir, `sound-${line}`);
  const image = known ?? (await source.build([], folder));
  soundImages.set(line, image);
  return image;
}

/** Proves that each fault of kernels is named on their platform, where the sound kernel has none. */
export function proveFaults(kernels: readonly BrokenKernel[]): void {
  // One source, and one kernel at a time: each test builds two.
  test.describe.configure({ mode: 'default', timeout: 2 * BUILD_MS });
  for (const { line, platform, faults, name } of kernels) {
    test(`faults ${name} of ${line} are found on ${platform}, all in one kernel, and the sound one has none`, async () => {
      const source = await KernelSource.open(line);
      const cell = { platform, isDeep: true };
      const outputPath = (name: string): string => test.info().outputPath(name);
      try {
        const sound = await recordOf(source, cell, await soundImage(source), outputPath('sound'));
        const { unexcused } = await judgeCell({ ...sound, cell: { kernel: line, platform } });
        expect(unexcused.map(({ message }) => message)).toEqual([]);
        const edits = faults.flatMap((fault) => fault.edits);
        const image = await source.build(edits, outputPath('out'));
        const broken = await recordOf(source, cell, image, outputPath('out'));
        const found = new Set(newDeviations(sound, broken));
        const missed = faults.filter(({ item, rule }) => !found.has(`${item} ${rule}`));
        expect(missed.map(({ title }) => title)).toEqual([]);
      } finally {
        await source.edit([]);
      }
    });
  }
}
