import { availableParallelism, totalmem } from 'node:os';
import { hasColours, isDrawable } from '../base/terminal.js';
import { resolve } from 'node:path';
import { countOf } from '../base/count.js';
import { ExitCode } from '../base/error.js';
import { traced } from '../base/trace.js';
import type { CellRecord } from '../record/cell-record.js';
import { judgeRegisters } from '../judge/verdict/judge-registers.js';
import { readRegisterFacts } from '../record/register-facts.js';
import picocolors from 'picocolors';
import { runAgain } from '../cell/again.js';
import type { EndedCell } from './progress/run-ending.js';
import { changeLines, deviationLines, kernelBugLines, restLines } from './progress/run-ending.js';
import type { KnownIssue } from '../judge/known-issues.js';
import { readCellTimes } from '../cell/time/cell-times.js';
import { readKnownIssues } from '../judge/known-issues.js';
import { baselinesOf, unneededByRun } from '../judge/review-run.js';
import { registerTable } from '../sync/register-table.js';
import { findQemu } from '../machine/qemu-binary.js';
import { platformNames } from '../machine/platforms.js';
import type { ColdOption } from './options/cold-option.js';
import { compareQemus } from './compare-qemus.js';
import { jobsWithinMemory } from '../cell/jobs-within-memory.js';
import { matrixTable } from './progress/matrix-table.js';
import { requireReleases } from './options/release-qemus.js';
import { rememberInvocation } from './options/repeated-options.js';
import type { DeepOption } from './options/deep-option.js';
import { requireWholeDeep } from './options/deep-option.js';
import type { ExhaustiveOption } from './options/exhaustive-option.js';
import type { HostileOption } from './options/hostile-option.js';
import { hostilePlanOf } from './options/hostile-option.js';
import { newerKernelsText } from './progress/newer-kernels.js';
import { qemuLines } from './progress/qemu-lines.js';
import { planCells } from '../cell/plan-cells.js';
import { interruptSignal } from './process-end.js';
import { RunProgress } from './progress/progress.js';
import { RemainingTime } from '../cell/time/remaining-time.js';
import type { CellOutcome, MatrixEvents } from '../cell/run-matrix.js';
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
  /** Deviations and failures alone. */
  readonly quiet?: boolean | undefined;
  /** Every known issue, deviation and register by name. */
  readonly verbose?: boolean | undefined;
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
  // It tells its version while the cells are selected; what is wrong with it is reported when it is needed.
  void findQemu(options.qemu[0]).catch(() => undefined);
  const { cells, registers, listed, warnings } = await traced('phase', 'select', async () =>
    resolveSelection(options, signal),
  );
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
  if (options.quiet !== true) {
    for (const line of qemuLines(planned, options.qemu.length > 0)) console.error(line);
  }
  const saved = await matrix.snapshots?.names();
  const expectedMs = expectedTimes(planned, readCellTimes(), saved);
  const remaining = new RemainingTime(expectedMs, matrix.jobs);
  const events: MatrixEvents =
    options.quiet === true
      ? {}
      : new RunProgress(cells, isDrawable(process.stderr), remaining).events;
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
  if (options.updateBaseline) await updateBaselines(records);
  const known = await traced('phase', 'baselines', async () => judges ?? readJudges(cells));
  const ended = await traced('phase', 'judge', async () => endCells(outcomes, known));
  const say = (lines: readonly string[]): void => {
    if (options.quiet !== true) for (const line of lines) console.log(line);
  };
  const isVerbose = options.verbose === true;
  if (ended.length > 0) say([matrixTable(ended)]);
  const unneeded = (await unneededByRun(records, known.issues, known.baselines)).map(
    ({ message }) => message,
  );
  const deviations = ended.reduce((sum, { unexcused }) => sum + unexcused.length, unneeded.length);
  const skips = reportSkips(outcomes);
  const newer = newerKernelsText(listed, known.baselines);
  if (ended.length > 0) say(restLines(ended, isVerbose));
  const failures = outcomes.filter((outcome) => 'error' in outcome).length;
  say([
    `${records.length} of ${countOf(cells.length, 'cell')} recorded, ${skips} skipped, ${countOf(deviations, 'deviation')}, ${countOf(failures, 'failure')}; records: ${outFolder}/records`,
    ...kernelBugLines(ended),
    ...changeLines(ended, isVerbose),
    ...(newer === undefined || options.updateBaseline ? [] : [newer]),
  ]);
  // What matters most stands last, where a terminal is read first.
  reportFailures(outcomes);
  const red = hasColours(process.stderr) ? picocolors.createColors(true).red : String;
  for (const line of deviationLines(ended, unneeded, isVerbose)) console.error(red(line));
  // A run of which nothing came is no success, even if every cell has its reason.
  if (records.length === 0 || failures > 0 || (options.requireAll && skips > 0)) {
    return ExitCode.harness;
  }
  return deviations > 0 ? ExitCode.deviation : ExitCode.ok;
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

/** The cells of a run that have a record, judged, and what each register comes to. */
async function endCells(
  outcomes: readonly CellOutcome[],
  { issues, baselines }: Judges,
): Promise<EndedCell[]> {
  const facts = await readRegisterFacts();
  const ended: EndedCell[] = [];
  for (const outcome of outcomes) {
    if (!('record' in outcome)) continue;
    const { cell, record } = outcome;
    const { judgement, verdicts } = await judgeRegisters(record, baselines, { facts, issues });
    ended.push({
      ...judgement,
      verdicts,
      again: (register) =>
        runAgain(cell, register === undefined ? undefined : [`--register=${register}`]),
    });
  }
  return ended;
}
