import { selectByName } from '../base/selectors.js';
import type { Selectors } from '../cell/selection.js';
import type { FigureSource } from './bench-context.js';
import { hasChosenCells } from './bench-context.js';
import { byHand } from './by-hand.js';
import { cliStart } from './cli-start.js';
import { coldCell } from './cold-cell.js';
import { costPerRegister } from './cost-per-register.js';
import { harnessMemory } from './harness-memory.js';
import { npmCommands } from './npm-commands.js';
import { oneRegister } from './one-register.js';
import { watchLatency } from './watch-loop.js';
import { timeLine } from './time-line.js';
import { virtmeNg } from './virtme-ng.js';
import { warmCell } from './warm-cell.js';
import { wholeMatrix } from './whole-matrix.js';

/** Everything that is measured, in the order of the table. */
export const FIGURE_SOURCES: readonly FigureSource[] = [
  ...[coldCell, warmCell, oneRegister, timeLine, wholeMatrix],
  ...[cliStart, watchLatency, harnessMemory, costPerRegister, byHand, virtmeNg],
  ...npmCommands,
];

/**
 * What to measure: the figures that --only names; of cells that were chosen, the cold cell; with --all
 * everything but what takes longer than all that, and else what does not take minutes. Errors: `UNKNOWN_FIGURE`.
 */
export function selectFigures(
  { only, all, selectors }: { only: readonly string[]; all: boolean; selectors: Selectors },
  sources: readonly FigureSource[] = FIGURE_SOURCES,
): FigureSource[] {
  if (only.length > 0) return selectByName('figure', only, sources, ({ id }) => id);
  if (all) return sources.filter(({ isNamedOnly }) => isNamedOnly !== true);
  if (hasChosenCells(selectors)) return sources.filter(({ id }) => id === coldCell.id);
  return sources.filter(({ isExpensive }) => !isExpensive);
}
