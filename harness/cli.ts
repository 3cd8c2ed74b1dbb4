#!/usr/bin/env node
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { ListName, ListOptions } from './cli/list-command.js';
import type { DiffOptions } from './cli/diff-command.js';
import { addCacheCommand } from './cli/cache-program.js';
import { addKernelsCommand } from './cli/kernels-program.js';
import type { CalibrateOptions } from './cli/calibrate-command.js';
import type { BadgeOptions } from './cli/badge-command.js';
import type { MergeOptions } from './cli/merge-command.js';
import type { MigrateOptions } from './cli/migrate-command.js';
import type { PlanOptions } from './cli/plan-command.js';
import type { RunOptions } from './cli/run-command.js';
import { runProgram } from './cli/process-end.js';
import { addCold } from './cli/options/cold-option.js';
import { addDeep } from './cli/options/deep-option.js';
import { addExhaustive } from './cli/options/exhaustive-option.js';
import { addHostile } from './cli/options/hostile-option.js';
import { refuseForeignOptions } from './cli/options/foreign-options.js';
import {
  addCalibration,
  addCellSelectors,
  addPaths,
  addQemu,
  addRequireAll,
  addSelectors,
  repeated,
} from './cli/options/selector-options.js';
import { SHELLS } from './cli/completion/scripts.js';
import type { Shell } from './cli/completion/scripts.js';
import { useOnePrefix } from './cli/options/error-prefix.js';
import { addExamples } from './cli/options/examples.js';
import type { ReportOptions } from './cli/report-command.js';
import type { SetupOptions } from './cli/setup-command.js';
import type { SinceOptions } from './cli/since-command.js';
import type { ShowOptions } from './cli/show-command.js';
import type { TestOptions } from './cli/test-command.js';
import { addTestOptions } from './cli/options/test-options.js';
import type { WatchOptions } from './cli/watch/watch-command.js';
import { packageVersion } from './base/package-version.js';
import { startTrace, writeTrace } from './base/trace.js';
import { ANSWER_FIELDS } from './record/row-fields.js';
import { REPORT_FORMATS } from '../reports/formats.js';

/*
 * Each command's code is loaded when it is used: `sprmatrix --help` and `list` start at once, and
 * `setup` works before libsprsync is built.
 */
const program = new Command('sprmatrix')
  .description('Which KVM ONE_REG register works on which ppc64 kernel, measured on real kernels.')
  .version(packageVersion())
  .addHelpText(
    'after',
    '\nExit codes: 0 all as expected, 1 a deviation, 2 usage, 3 the harness or the machine failed.',
  )
  .exitOverride();
useOnePrefix(program);

addRunOptions(addSelectors(program.command('run')))
  .description('record cells: boot each kernel on each platform and ask every register')
  .option('--trace <file>', 'write what took how long, for chrome://tracing or ui.perfetto.dev')
  .action(async (options: RunOptions & { readonly trace?: string }) => {
    const { runCommand } = await import('./cli/run-command.js');
    if (options.trace !== undefined) startTrace();
    process.exitCode = await runCommand(options);
    if (options.trace !== undefined) await writeTrace(options.trace);
  });

addRunOptions(addSelectors(program.command('start', { hidden: true })))
  .description('what `npm start` does: record the default cells, and say what to do next')
  .action(async (options: RunOptions) => {
    const { runCommand } = await import('./cli/run-command.js');
    process.exitCode = await runCommand(options);
    console.log('next: npx sprmatrix show debian-6.12 powernv9 LPCR; npx sprmatrix --help');
  });

addTestOptions(program.command('test'))
  .description('the gate: one test for each register of the selected cells, or of the default ones')
  .action(async (options: TestOptions, self: Command) => {
    const { testCommand } = await import('./cli/test-command.js');
    process.exitCode = await testCommand(options, self.args, 'cells');
  });

addJudgedOptions(addSelectors(program.command('check')))
  .description('a verdict for `git bisect run`: 0 good, 1 bad, 125 it does not build or boot')
  .option('--no-build', 'take the vmlinux that is in the tree')
  .action(async (options: RunOptions) => {
    const { checkCommand } = await import('./cli/check-command.js');
    const { runCommand } = await import('./cli/run-command.js');
    // A tree is built unless --no-build says otherwise: commander sets neither when both are options.
    const build = options.build ?? true;
    process.exitCode = await checkCommand(async () =>
      runCommand({ ...options, build, updateBaseline: false }),
    );
  });

addDeep(addHostile(addCalibration(addSelectors(program.command('watch')))))
  .description('run again whenever the file of --kernel changes, and show what changed')
  .option('--jobs <n>', 'cells at once; the default is the number of cores', positiveInteger)
  .option('--out <folder>', 'where records and logs go', 'out')
  .action(async (options: WatchOptions) => {
    const { watchCommand } = await import('./cli/watch/watch-command.js');
    process.exitCode = await watchCommand(options);
  });

addUpdateBaseline(
  addMachines(addCalibration(addQemu(addCellSelectors(program.command('migrate'))))),
)
  .description('what a guest loses when it is migrated from one kernel to another')
  .option('--from <kernel>', 'the kernel that it comes from, or the file of an image')
  .option('--to <kernel>', 'the kernel that it goes to')
  .option('--to-platform <id>', 'the platform that it goes to, if it is another')
  .option('--all', 'from each selected kernel to each, on each platform (default: all)', false)
  .addOption(
    new Option('--vmm <name>', 'next to libsprsync, restore as this VMM does').choices(['qemu']),
  )
  .option('--strict', 'exit 1 for what is lost in QEMU alone, too', false)
  .option('--json', 'what is lost as data', false)
  .action(async (options: Omit<MigrateOptions, 'register'>) => {
    const { migrateCommand } = await import('./cli/migrate-command.js');
    process.exitCode = await migrateCommand({ ...options, register: [] });
  });

addMachines(addSelectors(program.command('since')))
  .description('since which kernel a register answers as it does now')
  .addOption(
    new Option(
      '--field <name>',
      'the field of its row to go by (default: what it supports)',
    ).choices(ANSWER_FIELDS),
  )
  .option('--commits', 'go on over the commits between two tags of a repository', false)
  .action(async (options: SinceOptions) => {
    const { sinceCommand } = await import('./cli/since-command.js');
    process.exitCode = await sinceCommand(options);
  });

program
  .command('calibrate')
  .description('what a QEMU does otherwise than the one that baselines are of, in words')
  .option('--qemu <path>', 'the QEMU to ask; may be repeated', repeated, [])
  .option('--platform <selector>', 'id or glob (default: the default platforms)', repeated, [])
  .option('--mirror <url>', "where Debian's packages are (also SPRMATRIX_MIRROR)")
  .option('--out <folder>', 'where the logs of the control machines go', 'out')
  .action(async (options: CalibrateOptions) => {
    const { calibrateCommand } = await import('./cli/calibrate-command.js');
    process.exitCode = await calibrateCommand(options);
  });

addKernelsCommand(program);
addCacheCommand(program);

program
  .command('list')
  .description('list what there is')
  .addArgument(new Argument('<what>').choices(['kernels', 'platforms', 'registers', 'cells']))
  .option('--json', 'an array of objects', false)
  .option('--refresh', "read Debian's package lists again", false)
  .option('--mirror <url>', "where Debian's packages are (also SPRMATRIX_MIRROR)")
  .action(async (what: ListName, options: ListOptions) => {
    const { listCommand } = await import('./cli/list-command.js');
    await listCommand(what, options);
  });

program
  .command('show')
  .description('everything on record about a cell, or about one register of it')
  .argument('<kernel>')
  .argument('<platform>')
  .argument('[register]')
  .option('--out <folder>', 'the records of a run, looked at before the baselines', 'out')
  .option('--json', 'as it stands in the record', false)
  .action(
    async (
      kernel: string,
      platform: string,
      register: string | undefined,
      options: ShowOptions,
    ) => {
      const { showCommand } = await import('./cli/show-command.js');
      console.log(await showCommand(kernel, platform, register, options));
    },
  );

program
  .command('diff')
  .description('what differs between two records, two folders of them, or two baseline kernels')
  .argument('<a>')
  .argument('<b>')
  .option('--json', 'an array of objects', false)
  .action(async (a: string, b: string, options: DiffOptions) => {
    const { diffCommand } = await import('./cli/diff-command.js');
    const { text, exitCode } = await diffCommand(a, b, options);
    console.log(text);
    process.exitCode = exitCode;
  });

addCellSelectors(program.command('plan'))
  .description('deal cells out to jobs of about the same time, each with few kernels')
  .requiredOption('--shards <n>', 'how many jobs at most', positiveInteger)
  .addOption(
    new Option('--format <format>', "github: a job matrix for `strategy.matrix`'s fromJSON")
      .choices(['text', 'json', 'github'])
      .default('text'),
  )
  .action(async (options: Omit<PlanOptions, 'register'>) => {
    const { planCommand } = await import('./cli/plan-command.js');
    console.log(await planCommand({ ...options, register: [] }));
  });

program
  .command('merge')
  .description('the records of several runs in one folder, as if one run had made them')
  .argument('<folder...>', 'output folders of runs')
  .option('--out <folder>', 'where the records go', 'out')
  .option('--add-baselines', 'make records the baselines of cells that have none', false)
  .action(async (folders: string[], options: MergeOptions) => {
    const { mergeCommand } = await import('./cli/merge-command.js');
    console.log(await mergeCommand(folders, options));
  });

program
  .command('report')
  .description('write the baselines, or the records of a run, as a report for people or programs')
  .option('--format <name>', reportFormatList(), 'html')
  .option('-o, --output <file>', 'where to write; - is standard output')
  .option('--records <folder>', "a run's records (such as out) instead of the baselines")
  .option('--with-baselines', 'next to the records, the baselines of the other cells', false)
  .action(async (options: ReportOptions) => {
    const { reportCommand } = await import('./cli/report-command.js');
    const path = await reportCommand(options);
    if (path !== undefined) console.log(path);
  });

program
  .command('badge')
  .description("write an SVG for each kernel: its bugs, what works, and what is not the kernel's")
  .option('--records <folder>', 'the records of a run instead of the baselines')
  .option('--output <folder>', 'where the images go', 'reports/out/badges')
  .action(async (options: BadgeOptions) => {
    const { badgeCommand } = await import('./cli/badge-command.js');
    for (const path of await badgeCommand(options)) console.log(path);
  });

interface DoctorOptions {
  readonly kernel?: string;
  readonly modules?: readonly string[];
  readonly git?: string;
  readonly mirror?: string;
  readonly json: boolean;
}

program
  .command('doctor')
  .description('what this machine has of what is needed, and how to get the rest')
  .option(
    '--kernel <selector>',
    'instead: what this kernel has of what it needs, without booting it',
  )
  .option('--modules <path>', "the modules of a user's own kernel: a folder, or packages", addPaths)
  .option('--git <repository>', 'where tags are, as of run')
  .option('--mirror <url>', "where Debian's packages are (also SPRMATRIX_MIRROR)")
  .option('--json', 'an array of objects', false)
  .action(async (options: DoctorOptions) => {
    const { kernel } = options;
    if (kernel !== undefined) {
      const { doctorKernel } = await import('./cli/doctor-kernel.js');
      process.exitCode = await doctorKernel({ ...options, kernel });
      return;
    }
    const { doctorCommand } = await import('./cli/doctor-command.js');
    process.exitCode = await doctorCommand(options);
  });

program
  .command('setup')
  .description('install what is missing (as root) and build libsprsync and the agent')
  .option('--quiet', 'say nothing when all is there', false)
  .option('--development', 'what `npm run check` and all of `npm test` need too', false)
  .option('--builds', 'what building kernels from source needs too', false)
  .option(
    '--newer-qemu [suite]',
    'fetch newer QEMUs, of one suite or of each, into the cache',
    false,
  )
  .option('--big-endian', 'build the agent for big-endian kernels too', false)
  .option('--mirror <url>', "where Debian's packages are (also SPRMATRIX_MIRROR)")
  .action(async (options: SetupOptions) => {
    const { setUp } = await import('./cli/setup-command.js');
    await setUp(options);
  });

/** What a command has that boots cells. */
function addMachines(command: Command): Command {
  return addCold(addRequireAll(command))
    .option('--jobs <n>', 'cells at once; the default is the number of cores', positiveInteger)
    .option('--out <folder>', 'where records and logs go', 'out');
}

function addUpdateBaseline(command: Command): Command {
  return command.option(
    '--update-baseline',
    'make the records the baselines of their cells',
    false,
  );
}

/** What a command has that asks registers and judges the answers. */
function addJudgedOptions(command: Command): Command {
  return addMachines(addDeep(addExhaustive(addHostile(addCalibration(command)))));
}

function addRunOptions(command: Command): Command {
  return addUpdateBaseline(addLoudness(addJudgedOptions(command)));
}

/** How much a run prints. */
function addLoudness(command: Command): Command {
  return command
    .option('-q, --quiet', 'deviations and failures alone; nothing when there are none')
    .option('-v, --verbose', 'every known issue, deviation and changed register by name');
}

function reportFormatList(): string {
  return Object.entries(REPORT_FORMATS)
    .map(([name, { what }]) => `${name}: ${what}`)
    .join('; ');
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  }
  return value;
}

program
  .command('reproduce')
  .description('a C file that shows a kernel bug without sprmatrix, by KVM alone')
  .argument('<bug>', 'a bug of docs/findings.md')
  .action(async (bug: string) => {
    const { reproduceCommand } = await import('./cli/reproduce-command.js');
    process.stdout.write(await reproduceCommand(bug));
  });

program
  .command('completion')
  .description('what a shell needs to complete commands, options, kernels, platforms and registers')
  .addArgument(new Argument('<shell>').choices(SHELLS))
  .action(async (shell: Shell) => {
    const { completionScript } = await import('./cli/completion/scripts.js');
    process.stdout.write(completionScript(shell));
  });

program
  .command('complete', { hidden: true })
  .argument('<line>', 'a command line up to the cursor')
  .action(async (line: string) => {
    const { completeLine } = await import('./cli/completion/complete-line.js');
    const { knownNames } = await import('./cli/completion/known-names.js');
    for (const word of completeLine(program, line, knownNames)) console.log(word);
  });

addExamples(program);
// `test` passes on to Playwright what it does not know.
refuseForeignOptions(program, ['test']);
await runProgram(program);
