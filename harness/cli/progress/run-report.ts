import { describeError, isInterruption, SprmatrixError } from '../../base/error.js';
import type { CellDone, CellOutcome } from '../../cell/run-matrix.js';
import { nameOfCell } from '../../cell/cell.js';

/** Prints the cells that cannot run, each with the reason, and returns their number. */
export function reportSkips(outcomes: readonly (CellOutcome | CellDone)[]): number {
  const skipped = outcomes.flatMap((outcome) => ('obstacle' in outcome ? [outcome] : []));
  for (const { cell, obstacle } of skipped) {
    console.error(`skipped: ${nameOfCell(cell)}: cannot run: ${obstacle}`);
  }
  return skipped.length;
}

/** Prints the cells that gave no record, and returns their number. */
export function reportFailures(outcomes: readonly (CellOutcome | CellDone)[]): number {
  let count = 0;
  for (const outcome of outcomes) {
    if (!('error' in outcome)) continue;
    count += 1;
    const { error } = outcome;
    const isStopped = isInterruption(error);
    const text = isStopped ? 'not recorded: interrupted' : describeError(error);
    const name = nameOfCell(outcome.cell);
    const isNamed = !isStopped && error instanceof SprmatrixError && error.subject === name;
    console.error(isNamed ? text : `${name}: ${text}`);
  }
  return count;
}
