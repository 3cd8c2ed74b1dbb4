import { join } from 'node:path';
import semver from 'semver';
import { availableQemus } from '../machine/available-qemus.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import { toBaseline } from '../judge/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import { readRecordFolder } from '../record/record-files.js';
import type { BenchContext, FigureSource } from './bench-context.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { measureCliMemory, verdictLineOf } from './run-cli.js';
import { medianOfEach } from './statistics.js';

const JOBS = 2;

/**
 * The whole matrix, kernels from the cache, two cells at a time: booted, and with snapshots, which are
 * made before by a run that is not timed. A machine that cannot be restored boots in both. All cells use
 * the newest QEMU, of those that `--qemu` names or of all here: it restores the most.
 */
export const wholeMatrix: FigureSource = {
  id: 'matrix',
  what: 'the whole matrix, cold and warm (many minutes)',
  isExpensive: true,
  measure: async (context) => {
    const runs: { coldMs: number; warmMs: number; coldPeakMB: number; warmPeakMB: number }[] = [];
    const differing: (readonly string[])[] = [];
    const qemu = await newestQemu(context);
    let [cold, warm] = [undefined, undefined] as [Pass | undefined, Pass | undefined];
    for (let run = 1; run <= context.matrixRuns; run++) {
      cold = await pass('cold', qemu, ['--cold'], context);
      // Saves the machines that have no snapshot yet.
      if (run === 1) await pass('warm', qemu, [], context);
      warm = await pass('warm', qemu, [], context);
      const different = cellsThatDiffer(cold.records, warm.records);
      differing.push(different);
      context.say(`cold and warm differ in ${different.length} cells: [${different.join(', ')}]`);
      runs.push({
        coldMs: cold.ms,
        warmMs: warm.ms,
        coldPeakMB: cold.peakMB,
        warmPeakMB: warm.peakMB,
      });
    }
    const medians = medianOfEach(runs);
    const figure = (name: string, limitS: number, ms: number, last: Pass | undefined): Figure =>
      judged({
        name: `whole matrix, ${JOBS} jobs, ${name} (QEMU ${qemu.version})`,
        aim: { is: 'below', value: limitS },
        value: ms / 1000,
        unit: 's',
        details: { lastRun: last?.summary, differing, runs },
      });
    return [
      figure('cold', 180, medians.coldMs, cold),
      figure('warm', 90, medians.warmMs, warm),
      judged({
        name: "peak of the harness's memory, whole matrix",
        aim: { is: 'below', value: 400 },
        value: Math.max(medians.coldPeakMB, medians.warmPeakMB),
        unit: 'MB',
        details: { coldPeakMB: medians.coldPeakMB, warmPeakMB: medians.warmPeakMB },
      }),
    ];
  },
};

async function newestQemu({ selectors }: BenchContext): Promise<QemuBinary> {
  const qemus = await availableQemus(selectors.qemu);
  return qemus.reduce((newest, one) => (semver.gt(one.version, newest.version) ? one : newest));
}

/** The cells whose records say different things, but for when and by whom they were made. */
function cellsThatDiffer(a: readonly CellRecord[], b: readonly CellRecord[]): string[] {
  const answers = (records: readonly CellRecord[]): Map<string, string> =>
    new Map(records.map((record) => [cellName(record.cell), JSON.stringify(toBaseline(record))]));
  const [ofA, ofB] = [answers(a), answers(b)];
  return [...new Set([...ofA.keys(), ...ofB.keys()])].filter(
    (cell) => ofA.get(cell) !== ofB.get(cell),
  );
}

/** One run of the matrix. */
interface Pass {
  readonly ms: number;
  readonly peakMB: number;
  readonly records: readonly CellRecord[];
  readonly summary: PassSummary;
}

interface PassSummary {
  /** The last line: how many cells were recorded, skipped, deviate, failed. */
  readonly verdict: string;
  readonly recorded: number;
  readonly restored: number;
  /** Sums of all records' `timings`, of two cells at a time: where the time goes. */
  readonly phasesMs: Readonly<Record<string, number>>;
}

async function pass(
  name: string,
  qemu: QemuBinary,
  options: readonly string[],
  context: BenchContext,
): Promise<Pass> {
  const out = join(context.folder, `matrix-${name}`);
  const selectors = ['--kernel=all', '--platform=*', `--jobs=${JOBS}`, `--out=${out}`];
  const args = ['run', ...selectors, `--qemu=${qemu.path}`, ...options];
  const ran = await measureCliMemory(args, context);
  const records = await readRecordFolder(out);
  const phasesMs: Record<string, number> = {};
  for (const { timings } of records) {
    for (const [phase, ms] of Object.entries(timings ?? {})) {
      phasesMs[phase] = (phasesMs[phase] ?? 0) + ms;
    }
  }
  const verdict = verdictLineOf(ran);
  context.say(`whole matrix, ${name}: ${Math.round(ran.ms / 1000)} s; ${verdict}`);
  return {
    ...{ ms: ran.ms, peakMB: ran.peakMB, records },
    summary: {
      ...{ verdict, phasesMs, recorded: records.length },
      restored: records.filter(({ timings }) => timings?.['restoreMs'] !== undefined).length,
    },
  };
}
