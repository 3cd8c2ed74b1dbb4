import { availableParallelism, totalmem } from 'node:os';
import { isDrawable } from '../base/terminal.js';
import { resolve } from 'node:path';
import { ExitCode, SprmatrixError } from '../base/error.js';
import type { CellRecord } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import { judgeCell } from '../judge/judge-cell.js';
import type { KnownIssue } from '../judge/known-issues.js';
import { readCellTimes } from '../cell/time/cell-times.js';
import { issueSubjects, readKnownIssues } from '../judge/known-issues.js';
import { baselinesOf, unneededByRun } from '../judge/review-run.js';
import { registerTable } from '../sync/register-table.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import { findQemu } from '../machine/qemu-binary.js';
import { qemuContent } from '../machine/qemu-content.js';
import { platformNames } from '../machine/platforms.js';
import type { ColdOption } from './options/cold-option.js';
import { compareQemus } from './compare-qemus.js';
import { jobsWithinMemory } from '../cell/jobs-within-memory.js';
import { matrixTable } from './progress/matrix-table.js';
import { rememberInvocation } from './options/repeated-options.js';
import type { DeepOption } from './options/deep-option.js';
import { requireWholeDeep } from './options/deep-option.js';
import type { ExhaustiveOption } from './options/exhaustive-option.js';
import type { HostileOption } from './options/hostile-option.js';
import { hostilePlanOf } from './options/hostile-option.js';
import { qemuLines } from './progress/qemu-lines.js';
import { planCells } from '../cell/plan-cells.js';
import { interruptSignal } from './process-end.js';
import { RunProgress } from './progress/progress.js';
import { RemainingTime } from '../cell/time/remaining-time.js';
import { runMatrix } from '../cell/run-matrix.js';
import { reportFailures, reportSkips } from './progress/run-report.js';
import type { Selectors } from '../cell/selection.js';
import type { Cell } from '../cell/cell.js';
import { qemusFor, requireBooted, resolveSelection } from '../cell/selection.js';
import type { MachineOptions } from './options/selector-options.js';
import { requireWholeTable } from './options/selector-options.js';
import { snapshotStoreOf } from './options/snapshots-of-command.js';
import { expectedTimes } from '../cell/time/timed-cells.js';
import { updateBaselines } from './update-baselines.js';

export interface RunOptions
  extends Selectors, MachineOptions, HostileOption, DeepOption, ExhaustiveOption, ColdOption {
  readonly out: string;
  readonly jobs?: number | undefined;
  readonly updateBaseline: boolean;
  /** Whether a cell that cannot run is a failure. */
  readonly requireAll: boolean;
}

/**
 * `sprmatrix run`: records every selected cell and judges it; with several --qemu, compares them
 * instead. Returns the exit code: 3 when a cell gave no record (one that cannot run counts under
 * --require-all alone, or when no other ran), else 1 when a register deviates, else 0.
 */
export async function runCommand(options: RunOptions): Promise<ExitCode> {
  rememberInvocation(options);
  if (options.updateBaseline) requireWholeTable(options.register);
  requireWholeDeep(options);
  const hostile = hostilePlanOf(options);
  const signal = interruptSignal();
  // It tells its version while the cells are selected; what is wrong with it is told when it is needed.
  void findQemu(options.qemu[0]).catch(() => undefined);
  const { cells, registers, warnings } = await resolveSelection(options, signal);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  if (options.updateBaseline) requireBooted('--update-baseline', cells);
  if (options.qemu.length > 0) requireBooted('--qemu', cells);
  const qemus = await qemusFor(cells, options.qemu);
  if (options.updateBaseline) await requireReleases(qemus);
  const outFolder = resolve(options.out);
  const matrix = {
    registers,
    hostile,
    isDeep: options.deep,
    isExhaustive: options.exhaustive,
    jobs: jobsWithinMemory(options.jobs ?? availableParallelism(), cells, totalmem()),
    outFolder,
    snapshots: snapshotStoreOf(options),
    mirror: options.mirror,
    signal,
  };
  if (options.qemu.length > 1) return compareQemus(cells, qemus, matrix, options);
  const planned = planCells(cells, qemus);
  for (const line of qemuLines(planned, options.qemu.length > 0)) console.error(line);
  const saved = await matrix.snapshots?.names();
  const expectedMs = expectedTimes(planned, readCellTimes(), saved);
  const remaining = new RemainingTime(expectedMs, matrix.jobs);
  const { events } = new RunProgress(cells, isDrawable(process.stderr), remaining);
  let judges: Promise<Judges> | undefined;
  const outcomes = await runMatrix({
    ...matrix,
    cells: planned,
    expectedMs,
    // A baseline is what a QEMU is measured by.
    calibrate: options.calibration !== false && !options.updateBaseline,
    events: {
      ...events,
      cellPhase: (cell, phase) => {
        events.cellPhase?.(cell, phase);
        // A machine that opens KVM keeps nobody busy here. Baselines that are made now are read later.
        if (phase !== 'kvm' || options.updateBaseline) return;
        judges ??= readJudges(cells);
        judges.catch(() => undefined);
      },
    },
  });
  const records = outcomes.flatMap((outcome) => ('record' in outcome ? [outcome.record] : []));
  if (records.length > 0) console.log(matrixTable(records));
  const failures = reportFailures(outcomes);
  const skips = reportSkips(outcomes);
  if (options.updateBaseline) await updateBaselines(records);
  const deviations = await reportDeviations(records, await (judges ?? readJudges(cells)));
  console.log(
    `${records.length} of ${cells.length} cells recorded, ${skips} skipped, ${deviations} deviations, ${failures} failures; records: ${outFolder}/records`,
  );
  // A run of which nothing came is no success, even if every cell has its reason.
  if (records.length === 0 || failures > 0 || (options.requireAll && skips > 0)) {
    return ExitCode.harness;
  }
  return deviations > 0 ? ExitCode.deviation : ExitCode.ok;
}

/** What is measured must be had elsewhere too: throws the usage error `BASELINE_QEMU`. */
async function requireReleases(qemus: readonly QemuBinary[]): Promise<void> {
  for (const qemu of qemus) {
    const { isDebians } = await qemuContent(qemu);
    if (isDebians) continue;
    throw new SprmatrixError({
      code: 'BASELINE_QEMU',
      kind: 'usage',
      message: `--update-baseline measures QEMUs that others have too: releases that Debian built, which ${qemu.path} (${qemu.version}) is not`,
      hint: "`npx sprmatrix calibrate` says what a build of one's own does otherwise",
    });
  }
}

/** What records are judged by. */
interface Judges {
  readonly issues: readonly KnownIssue[];
  readonly baselines: readonly CellRecord[];
}

/** The known issues, and the baselines of the cells' platforms. */
async function readJudges(cells: readonly Cell[]): Promise<Judges> {
  const names = {
    registers: registerTable().map(({ name }) => name),
    platforms: platformNames(),
  };
  const places = cells.map(({ kernel, platform }) => ({
    cell: { kernel: kernel.id, platform: platform.id },
  }));
  const issues = await readKnownIssues(names);
  return { issues, baselines: await baselinesOf(places, names.registers) };
}

/** Prints what the rules find in the records and in the known issues, and returns the number. */
async function reportDeviations(
  records: readonly CellRecord[],
  { issues, baselines }: Judges,
): Promise<number> {
  let count = 0;
  const cellsOfIssue = new Map<KnownIssue, number>();
  const withoutBaseline: string[] = [];
  const withoutDeep: string[] = [];
  for (const record of records) {
    const { unexcused, excused, hasBaseline, hasDeepBaseline } = await judgeCell(record, {
      baselines,
      issues,
    });
    for (const { message } of unexcused) console.error(message);
    count += unexcused.length;
    if (!hasBaseline) withoutBaseline.push(cellName(record.cell));
    else if (!hasDeepBaseline) withoutDeep.push(cellName(record.cell));
    for (const issue of new Set(excused.map((entry) => entry.issue))) {
      cellsOfIssue.set(issue, (cellsOfIssue.get(issue) ?? 0) + 1);
    }
  }
  for (const [issue, cells] of cellsOfIssue) {
    const subjects = issueSubjects(issue).join(', ');
    console.log(
      `known issue ${issue.id} (${subjects}; ${cells === 1 ? '1 cell' : `${cells} cells`}): ${issue.what}`,
    );
  }
  if (withoutBaseline.length > 0) {
    console.log(`no baseline, judged by the standing rules alone: ${withoutBaseline.join(', ')}`);
  }
  if (withoutDeep.length > 0) {
    console.log(
      `no deep answers in the baseline, judged by the standing rules alone: ${withoutDeep.join(', ')}`,
    );
  }
  const unneeded = await unneededByRun(records, issues, baselines);
  for (const { message } of unneeded) console.error(message);
  return count + unneeded.length;
}
