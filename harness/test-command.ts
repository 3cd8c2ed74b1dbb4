#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { CellEnding, TestPlan } from '../fixtures/test-plan.js';
import { readEndings } from '../fixtures/test-plan.js';
import { ExitCode } from './base/error.js';
import { writeFileAtomic } from './base/files.js';
import { interruptSignal, runProgram } from './cli/process-end.js';
import type { ColdOption } from './cli/options/cold-option.js';
import { addCold } from './cli/options/cold-option.js';
import type { HostileOption } from './cli/options/hostile-option.js';
import { addHostile, hostilePlanOf } from './cli/options/hostile-option.js';
import { fetchKernels } from './cli/fetch-kernels.js';
import { planCells } from './cell/plan-cells.js';
import { runPlaywright } from './cli/playwright-process.js';
import { reportToCi } from './cli/progress/report-to-ci.js';
import type { Selectors } from './cell/selection.js';
import { qemusFor, requireBooted, resolveSelection } from './cell/selection.js';
import type { MachineOptions } from './cli/options/selector-options.js';
import { addRequireAll, addSelectors, requireWholeTable } from './cli/options/selector-options.js';
import { snapshotStoreOf } from './cli/options/snapshots-of-command.js';
import { expectedTimes } from './cell/time/timed-cells.js';
import { readCellTimes } from './cell/time/cell-times.js';

/**
 * `npm test`: resolves the selectors, fetches the kernels, and starts Playwright with one project
 * for each cell. Every option that is not ours goes on to Playwright.
 */
interface TestOptions extends Selectors, MachineOptions, HostileOption, ColdOption {
  readonly out: string;
  readonly requireAll: boolean;
  readonly updateBaseline: boolean;
  readonly allure: boolean;
}

async function runTests(options: TestOptions, playwrightArgs: string[]): Promise<ExitCode> {
  const signal = interruptSignal();
  const { kernel, platform, register, cell } = options;
  const hasSelector = [...kernel, ...platform, ...register, ...cell].length > 0;
  if (options.updateBaseline) requireWholeTable(options.register);
  const hostile = hostilePlanOf(options);
  const { cells: selected, registers, warnings } = await resolveSelection(options, signal);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  if (options.updateBaseline) requireBooted('--update-baseline', selected);
  if (options.qemu.length > 0) requireBooted('--qemu', selected);
  const cells = planCells(selected, await qemusFor(selected, options.qemu));
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
    cells: cells.map(({ platform, ...cell }) => ({ ...cell, platform: platform.id })),
    expectedMs: Object.fromEntries(expectedTimes(cells, readCellTimes(), saved)),
    registers: registers.map(({ name }) => name),
    hostile,
    outFolder,
    runFolder,
    mirror: options.mirror,
    withUnitTests: !hasSelector,
    updateBaseline: options.updateBaseline,
    requireAll: options.requireAll,
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

async function runPlan(args: string[], plan: TestPlan, signal: AbortSignal): Promise<ExitCode> {
  const planPath = join(plan.runFolder, 'plan.json');
  await writeFileAtomic(planPath, JSON.stringify(plan));
  const exitCode = await runPlaywright(args, { env: { SPRMATRIX_PLAN: planPath }, signal });
  const endings = await readEndings(plan);
  await reportToCi(plan, endings);
  if (signal.aborted || hasNoAnswer([...endings.values()])) return ExitCode.harness;
  if (exitCode === 0) return ExitCode.ok;
  // Playwright says 1 of failed tests; anything else is a Playwright that could not run them.
  return exitCode === 1 ? ExitCode.deviation : ExitCode.harness;
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

const command = addCold(addHostile(addRequireAll(addSelectors(new Command('npm test --')))))
  .description('Tests cells, one test for each register; without selectors, the unit tests too.')
  .option('--out <folder>', 'where records and logs go', 'out')
  .option('--update-baseline', 'write the baselines instead of comparing with them', false)
  .option('--allure', 'write results for `npm run report:allure`', false)
  .addHelpText(
    'after',
    '\nEvery other option goes on to Playwright: --shard, --reporter, --list, -g ...',
  )
  .allowUnknownOption()
  .allowExcessArguments()
  .action(async (options: TestOptions, self: Command) => {
    process.exitCode = await runTests(options, self.args);
  })
  .exitOverride();
await runProgram(command);
