import { availableParallelism, totalmem } from 'node:os';
import { isDrawable } from '../../base/terminal.js';
import { relative, resolve } from 'node:path';
import { ExitCode, SprmatrixError } from '../../base/error.js';
import { readCellTimes } from '../../cell/time/cell-times.js';
import type { DeepOption } from '../options/deep-option.js';
import { requireWholeDeep } from '../options/deep-option.js';
import type { HostileOption } from '../options/hostile-option.js';
import { hostilePlanOf } from '../options/hostile-option.js';
import { jobsWithinMemory } from '../../cell/jobs-within-memory.js';
import { planCells } from '../../cell/plan-cells.js';
import { interruptSignal } from '../process-end.js';
import { RunProgress } from '../progress/progress.js';
import { RemainingTime } from '../../cell/time/remaining-time.js';
import type { CellOutcome } from '../../cell/run-matrix.js';
import { runMatrix } from '../../cell/run-matrix.js';
import { reportFailures, reportSkips } from '../progress/run-report.js';
import type { Selectors } from '../../cell/selection.js';
import { checkNames, qemusFor, resolveSelection } from '../../cell/selection.js';
import type { MachineOptions } from '../options/selector-options.js';
import { expectedTimes } from '../../cell/time/timed-cells.js';
import { watchFiles } from './watched-files.js';
import { WatchedRuns } from './watched-run.js';
import { watchLoop } from './watch-loop.js';
import { watchTargets } from './watch-targets.js';

export interface WatchOptions extends Selectors, MachineOptions, HostileOption, DeepOption {
  readonly out: string;
  readonly jobs?: number | undefined;
}

/**
 * `sprmatrix watch`: records the cells of the user's own kernel, and again whenever its file changes,
 * until Ctrl-C; prints the table of the first run, then what differs from the run before. Machines are
 * always booted: a kernel that is being worked on is hardly booted twice.
 */
export async function watchCommand(options: WatchOptions): Promise<ExitCode> {
  requireOneQemu(options.qemu);
  // What is wrong with the command line is reported before anything is waited for.
  hostilePlanOf({ ...options, updateBaseline: false });
  requireWholeDeep(options);
  checkNames(options);
  const targets = watchTargets(options);
  const signal = interruptSignal();
  await using files = await watchFiles(targets);
  const runs = new WatchedRuns();
  const reportedObstacles = new Set<string>();
  /** Why a cell cannot run is reported once. */
  const isReported = (outcome: CellOutcome): boolean => {
    if (!('obstacle' in outcome)) return false;
    const text = `${outcome.cell.platform.id}: ${outcome.obstacle}`;
    const isKnown = reportedObstacles.has(text);
    reportedObstacles.add(text);
    return isKnown;
  };
  const names = [...targets.images, ...targets.folders].map((path) => relative('', path));
  await watchLoop(files, {
    signal,
    tell: (text) => {
      console.error(text);
    },
    run: async (runSignal) => {
      const startedAt = performance.now();
      const outcomes = await runOnce(options, runSignal);
      if (runSignal.aborted) return;
      reportSkips(outcomes.filter((outcome) => !isReported(outcome)));
      reportFailures(outcomes);
      console.log(await runs.tell(outcomes, performance.now() - startedAt));
      console.error(`watching ${names.join(', ')} (Ctrl-C ends)`);
    },
  });
  return ExitCode.ok;
}

async function runOnce(options: WatchOptions, signal: AbortSignal): Promise<CellOutcome[]> {
  const { cells, registers, warnings } = await resolveSelection(options, signal);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  const planned = planCells(cells, await qemusFor(cells, options.qemu));
  const jobs = jobsWithinMemory(options.jobs ?? availableParallelism(), cells, totalmem());
  const expectedMs = expectedTimes(planned, readCellTimes());
  const remaining = new RemainingTime(expectedMs, jobs);
  const hostile = hostilePlanOf({ ...options, updateBaseline: false });
  return runMatrix({
    ...{ cells: planned, registers, hostile, jobs, expectedMs, signal },
    isDeep: options.deep,
    outFolder: resolve(options.out),
    calibrate: options.calibration !== false,
    mirror: options.mirror,
    events: new RunProgress(cells, isDrawable(process.stderr), remaining).events,
  });
}

/** Throws the usage error `WATCH_QEMUS` when several QEMUs are to be compared. */
function requireOneQemu(qemus: readonly string[]): void {
  if (qemus.length <= 1) return;
  throw new SprmatrixError({
    code: 'WATCH_QEMUS',
    kind: 'usage',
    message: `watch compares a run with the one before, but --qemu names ${qemus.length}`,
    hint: 'leave out all but one',
  });
}
