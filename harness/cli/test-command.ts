import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { CellEnding, TestPlan } from '../../fixtures/test-plan.js';
import { readEndings } from '../../fixtures/test-plan.js';
import { ExitCode } from '../base/error.js';
import { writeFileAtomic } from '../base/files.js';
import { invocation } from '../base/invocation.js';
import { isCheckout } from '../base/paths.js';
import { interruptSignal } from './process-end.js';
import { qemuLines } from './progress/qemu-lines.js';
import { rememberInvocation } from './options/repeated-options.js';
import type { ColdOption } from './options/cold-option.js';
import type { DeepOption } from './options/deep-option.js';
import { requireWholeDeep } from './options/deep-option.js';
import type { ExhaustiveOption } from './options/exhaustive-option.js';
import type { HostileOption } from './options/hostile-option.js';
import { hostilePlanOf } from './options/hostile-option.js';
import { fetchKernels } from './fetch-kernels.js';
import { jobsWithinMemory } from '../cell/jobs-within-memory.js';
import { planCells } from '../cell/plan-cells.js';
import { readRecord } from '../record/record-files.js';
import { runPlaywright } from './playwright-process.js';
import { reportToCi } from './progress/report-to-ci.js';
import type { Selectors } from '../cell/selection.js';
import { qemusFor, requireBooted, resolveSelection } from '../cell/selection.js';
import type { MachineOptions } from './options/selector-options.js';
import { requireWholeTable } from './options/selector-options.js';
import { snapshotStoreOf } from './options/snapshots-of-command.js';
import { expectedTimes } from '../cell/time/timed-cells.js';
import { noteCellTimes, readCellTimes } from '../cell/time/cell-times.js';

export interface TestOptions
  extends Selectors, MachineOptions, HostileOption, DeepOption, ExhaustiveOption, ColdOption {
  readonly out: string;
  readonly requireAll: boolean;
  readonly updateBaseline: boolean;
  readonly allure: boolean;
}

/**
 * `npm test` and `sprmatrix test`: resolves the selectors, fetches the kernels, and starts Playwright
 * with one project for each cell, and with the harness's own tests when nothing is selected. Every option
 * that is not ours goes on to Playwright.
 */
export async function testCommand(
  options: TestOptions,
  playwrightArgs: readonly string[],
  withoutSelectors: TestPlan['extent'],
): Promise<ExitCode> {
  rememberInvocation(options);
  const signal = interruptSignal();
  const { kernel, platform, register, cell } = options;
  const hasSelector = [...kernel, ...platform, ...register, ...cell].length > 0;
  if (options.updateBaseline) requireWholeTable(options.register);
  requireWholeDeep(options);
  const hostile = hostilePlanOf(options);
  const { cells: selected, registers, warnings } = await resolveSelection(options, signal);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  if (options.updateBaseline) requireBooted('--update-baseline', selected);
  if (options.qemu.length > 0) requireBooted('--qemu', selected);
  const cells = planCells(selected, await qemusFor(selected, options.qemu));
  for (const line of qemuLines(cells, options.qemu.length > 0)) console.error(line);
  if (!playwrightArgs.includes('--list')) {
    await fetchKernels(
      cells.flatMap((cell) =>
        cell.isHardware === true || cell.obstacle !== undefined ? [] : [cell.kernel],
      ),
      { signal, mirror: options.mirror },
    );
  }
  const saved = await snapshotStoreOf(options)?.names();
  const outFolder = resolve(options.out);
  const runFolder = join(outFolder, 'runs', randomBytes(6).toString('hex'));
  const plan: TestPlan = {
    cells,
    jobs: jobsWithinMemory(availableParallelism(), cells, totalmem()),
    expectedMs: Object.fromEntries(expectedTimes(cells, readCellTimes(), saved)),
    registers: registers.map(({ name }) => name),
    hostile,
    isDeep: options.deep,
    isExhaustive: options.exhaustive,
    outFolder,
    runFolder,
    mirror: options.mirror,
    extent: hasSelector ? 'cells' : withoutSelectors,
    invocation: invocation(),
    updateBaseline: options.updateBaseline,
    requireAll: options.requireAll,
    calibrate: options.calibration !== false && !options.updateBaseline,
    isCold: options.cold || options.updateBaseline,
    allureResults: options.allure ? join(outFolder, 'allure-results') : undefined,
  };
  // Results of an earlier run would be taken for retries of this one's.
  if (plan.allureResults !== undefined) {
    await rm(plan.allureResults, { recursive: true, force: true });
  }
  await mkdir(runFolder, { recursive: true });
  try {
    return await runPlan(playwrightArgs, plan, signal);
  } finally {
    await rm(runFolder, { recursive: true, force: true });
  }
}

async function runPlan(
  args: readonly string[],
  plan: TestPlan,
  signal: AbortSignal,
): Promise<ExitCode> {
  const planPath = join(plan.runFolder, 'plan.json');
  await writeFileAtomic(planPath, JSON.stringify(plan));
  const exitCode = await runPlaywright(args, {
    // Its snapshot of a page is of none here.
    env: { SPRMATRIX_PLAN: planPath, PLAYWRIGHT_NO_COPY_PROMPT: '1' },
    signal,
    hasOwnTests: isCheckout && plan.extent !== 'cells',
  });
  const endings = await readEndings(plan);
  await reportToCi(plan, endings);
  if (plan.updateBaseline) await noteTimes([...endings.values()]);
  if (signal.aborted || hasNoAnswer([...endings.values()])) return ExitCode.harness;
  if (exitCode === 0) return ExitCode.ok;
  // Playwright says 1 of failed tests; anything else is a Playwright that could not run them.
  return exitCode === 1 ? ExitCode.deviation : ExitCode.harness;
}

/** Notes how long the cells took whose records are baselines now. */
async function noteTimes(endings: readonly CellEnding[]): Promise<void> {
  const records = await Promise.all(
    endings.flatMap((ending) => ('recordPath' in ending ? [readRecord(ending.recordPath)] : [])),
  );
  const noted = await noteCellTimes(records);
  if (noted.length > 0) console.log(`matrix/cell-times.json: times of ${noted.join(', ')}`);
}

/**
 * Whether a cell gave no record, which is the harness's or the machine's failure, not a deviation;
 * or whether no cell gave one, because none of them can run here.
 */
function hasNoAnswer(endings: readonly CellEnding[]): boolean {
  return (
    endings.some((ending) => 'failure' in ending) ||
    (endings.length > 0 && !endings.some((ending) => 'recordPath' in ending))
  );
}
