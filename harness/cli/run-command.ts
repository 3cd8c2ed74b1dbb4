import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describeError, ExitCode, SprmatrixError } from '../base/error.js';
import { findQemu } from '../machine/qemu-binary.js';
import { readBaselines, writeBaseline } from '../record/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { judgeCell, judgeRun } from '../record/judge-cell.js';
import type { KnownIssue } from '../record/known-issues.js';
import { readKnownIssues } from '../record/known-issues.js';
import { unneededIssues } from '../record/unneeded-issues.js';
import { registerTable } from '../sync/register-table.js';
import { loadPlatforms } from '../machine/platforms.js';
import { matrixTable } from './matrix-table.js';
import { interruptSignal } from './process-end.js';
import { RunProgress } from './progress.js';
import type { CellOutcome } from './run-matrix.js';
import { cellName, runMatrix } from './run-matrix.js';
import type { Selectors } from './selection.js';
import { resolveSelection } from './selection.js';
import { requireWholeTable } from './selector-options.js';

export interface RunOptions extends Selectors {
  readonly out: string;
  readonly jobs?: number | undefined;
  readonly updateBaseline: boolean;
}

/**
 * `sprmatrix run`: records every selected cell and judges it. Returns the exit code: 3 when a cell
 * gave no record, else 1 when a register deviates, else 0.
 */
export async function runCommand(options: RunOptions): Promise<ExitCode> {
  if (options.updateBaseline) requireWholeTable(options.register);
  const signal = interruptSignal();
  const { cells, registers, warnings } = await resolveSelection(options, signal);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  const qemu = await findQemu();
  const outFolder = resolve(options.out);
  const outcomes = await runMatrix({
    cells,
    registers,
    qemu,
    jobs: options.jobs ?? availableParallelism(),
    outFolder,
    mirror: options.mirror,
    signal,
    events: new RunProgress(cells, process.stderr.isTTY).events,
  });
  const records = outcomes.flatMap((outcome) => ('record' in outcome ? [outcome.record] : []));
  if (records.length > 0) console.log(matrixTable(records));
  const failures = reportFailures(outcomes);
  if (options.updateBaseline) {
    const names = registerTable().map(({ name }) => name);
    for (const record of records)
      console.log(`baseline: ${await writeBaseline(record, { names })}`);
  }
  const deviations = await reportDeviations(records);
  console.log(
    `${records.length} of ${cells.length} cells recorded, ${deviations} deviations, ${failures} failures; records: ${outFolder}/records`,
  );
  if (failures > 0) return ExitCode.harness;
  return deviations > 0 ? ExitCode.deviation : ExitCode.ok;
}

/** Prints the cells that gave no record, and returns their number. */
function reportFailures(outcomes: readonly CellOutcome[]): number {
  let count = 0;
  for (const outcome of outcomes) {
    if (!('error' in outcome)) continue;
    count += 1;
    const isInterrupted =
      outcome.error instanceof SprmatrixError && outcome.error.code === 'ABORTED';
    const text = isInterrupted ? 'not recorded: interrupted' : describeError(outcome.error);
    const name = `${cellName(outcome.cell)}: `;
    console.error(text.startsWith(name) ? text : `${name}${text}`);
  }
  return count;
}

/** Prints what the rules find in the records and in the known issues, and returns the number. */
async function reportDeviations(records: readonly CellRecord[]): Promise<number> {
  const names = {
    registers: registerTable().map(({ name }) => name),
    platforms: loadPlatforms().map(({ id }) => id),
  };
  const issues = await readKnownIssues(names);
  const baselines = await readBaselines({ names: names.registers });
  let count = 0;
  const cellsOfIssue = new Map<KnownIssue, number>();
  for (const record of records) {
    const { unexcused, excused } = await judgeCell(record, { baselines, issues });
    for (const { message } of unexcused) console.error(message);
    count += unexcused.length;
    for (const issue of new Set(excused.map((entry) => entry.issue))) {
      cellsOfIssue.set(issue, (cellsOfIssue.get(issue) ?? 0) + 1);
    }
  }
  for (const [{ id, registers, what }, cells] of cellsOfIssue) {
    console.log(`known issue ${id} (${registers.join(', ')}; ${cells} cells): ${what}`);
  }
  const { unneeded } = unneededIssues(issues, judgeRun(records, baselines));
  for (const { message } of unneeded) console.error(message);
  return count + unneeded.length;
}
