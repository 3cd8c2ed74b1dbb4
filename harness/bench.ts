#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { describeError, ExitCode } from './base/error.js';
import { writeFileAtomic } from './base/files.js';
import type { BenchContext } from './bench/bench-context.js';
import type { BenchMachine } from './bench/bench-machine.js';
import { describeMachine, machineText } from './bench/bench-machine.js';
import { breakdownRows } from './bench/breakdown-table.js';
import type { Figure } from './bench/figure.js';
import { FIGURE_SOURCES, selectFigures } from './bench/figure-sources.js';
import { figuresMarkdown, figuresTable, markdownTable } from './bench/figures-table.js';
import { timeLineRows } from './bench/time-line-spans.js';
import { interruptSignal, reportError } from './cli/process-end.js';
import type { Selectors } from './cell/selection.js';
import type { MachineOptions } from './cli/options/selector-options.js';
import { addSelectors } from './cli/options/selector-options.js';
import { availableQemus } from './machine/available-qemus.js';

interface BenchOptions extends Selectors, MachineOptions {
  readonly only: readonly string[];
  readonly all: boolean;
  readonly runs: number;
  readonly matrixRuns: number;
  readonly json: string;
}

/** A figure that could not be measured, and why. */
interface Unmeasured {
  readonly id: string;
  readonly why: string;
}

/**
 * `npm run bench`: the figures side by side in one run, as a table, as JSON, and as Markdown next to
 * that, for BENCHMARKS.md. One that fails leaves the others: the exit code is then 3.
 */
async function bench(options: BenchOptions): Promise<ExitCode> {
  const sources = selectFigures({ ...options, selectors: options });
  const machine = await describeMachine(await availableQemus(options.qemu));
  const signal = interruptSignal();
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-bench-'));
  const figures: Figure[] = [];
  const unmeasured: Unmeasured[] = [];
  try {
    for (const { id, measure } of sources) {
      const context: BenchContext = {
        selectors: options,
        runs: options.runs,
        matrixRuns: options.matrixRuns,
        folder,
        signal,
        say: (text) => {
          console.error(`${id}: ${text}`);
        },
      };
      try {
        figures.push(...(await measure(context)));
      } catch (error) {
        if (signal.aborted) throw error;
        unmeasured.push({ id, why: describeError(error) });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await show({ machine, figures, unmeasured }, options);
  return unmeasured.length > 0 ? ExitCode.harness : ExitCode.ok;
}

interface Results {
  readonly machine: BenchMachine;
  readonly figures: readonly Figure[];
  readonly unmeasured: readonly Unmeasured[];
}

async function show(results: Results, { json, runs }: BenchOptions): Promise<void> {
  const { machine, figures, unmeasured } = results;
  const tables = [breakdownRows(figures), timeLineRows(figures)].filter(
    ({ rows }) => rows.length > 0,
  );
  const how = `medians of ${runs} (the whole matrix aside); ${machineText(machine)}`;
  console.log(figuresTable(figures));
  for (const { head, rows } of tables) {
    const table = new Table({ head, style: { head: [], border: [], compact: true } });
    table.push(...rows);
    console.log(table.toString());
  }
  console.log(how);
  for (const { id, why } of unmeasured) console.error(`not measured: ${id}: ${why}`);
  const markdown = json.replace(/(\.json)?$/, '.md');
  await writeFileAtomic(json, `${JSON.stringify(results, null, 2)}\n`);
  await writeFileAtomic(
    markdown,
    [
      figuresMarkdown(figures),
      ...tables.map(({ head, rows }) => markdownTable(head, rows)),
      `${how}\n`,
    ].join('\n'),
  );
  console.log(`figures: ${json}, ${markdown}`);
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  }
  return value;
}

const figureList = FIGURE_SOURCES.map(
  ({ id, what, isExpensive }) => `  ${id}: ${what}${isExpensive ? '; with --all, or named' : ''}`,
).join('\n');

await addSelectors(new Command('npm run bench --'))
  .description('What sprmatrix costs, side by side; cells that are chosen are measured cold.')
  .option(
    '--only <figures>',
    'these alone, as they are named below',
    (value: string, values: string[]) => [...values, value],
    [],
  )
  .option('--all', 'those that take minutes, too', false)
  .option('--runs <n>', 'how often each is measured', positiveInteger, 5)
  .option('--matrix-runs <n>', 'how often the whole matrix is', positiveInteger, 1)
  .option('--json <file>', 'where the figures go; as Markdown next to it', 'out/bench.json')
  .addHelpText('after', `\nFigures:\n${figureList}`)
  .action(async (options: BenchOptions) => {
    process.exitCode = await bench(options);
  })
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = reportError(error);
  });
