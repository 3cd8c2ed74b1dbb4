import { fittedTable } from './progress/fitted-table.js';
import { SprmatrixError } from '../base/error.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { selectingOptions } from '../kernels/select-kernels.js';
import { findObstacle } from '../machine/obstacles.js';
import { readCellTimes } from '../cell/time/cell-times.js';
import type { Shard } from '../cell/time/plan-shards.js';
import { planShards } from '../cell/time/plan-shards.js';
import { seconds } from './progress/progress.js';
import { nameOfCell } from '../cell/cell.js';
import type { Selectors } from '../cell/selection.js';
import type { EmulatedCell } from '../cell/cell.js';
import { requireBooted, resolveSelection } from '../cell/selection.js';
import { timedCells } from '../cell/time/timed-cells.js';

export interface PlanOptions extends Selectors {
  readonly shards: number;
  readonly format: 'text' | 'json' | 'github';
}

/** Fetching a package and unpacking it, and building a kernel on two cores: BENCHMARKS.md. */
const PREPARE_MS: Readonly<Record<KernelEntry['source']['kind'], number>> = {
  debian: 8_000,
  build: 400_000,
  git: 400_000,
  file: 0,
};

/**
 * `sprmatrix plan`: the text of how the selected cells are dealt out to `shards` jobs, for people,
 * as JSON, or as GitHub's job matrix. A cell that can run nowhere is in none. Throws the usage error
 * `NOTHING_TO_PLAN` when there is no other.
 */
export async function planCommand(options: PlanOptions): Promise<string> {
  const { cells, warnings } = await resolveSelection(options);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  const possible = requireBooted('`sprmatrix plan`', cells).filter(
    ({ kernel, platform }) => findObstacle(platform, kernel) === undefined,
  );
  if (possible.length === 0) {
    throw new SprmatrixError({
      code: 'NOTHING_TO_PLAN',
      kind: 'usage',
      message: `none of the ${cells.length} selected cells can run`,
      hint: '`sprmatrix list cells` says why',
    });
  }
  const kinds = new Map(possible.map(({ kernel }) => [kernel.id, kernel.source.kind]));
  const shards = planShards(
    timedCells(possible, readCellTimes()),
    options.shards,
    (kernel) => PREPARE_MS[kinds.get(kernel) ?? 'debian'],
  );
  const words = new Map(possible.map((cell) => [nameOfCell(cell), selectorOf(cell)]));
  return formatPlan(shards, options.format, (name) => words.get(name) ?? name);
}

/** The word that --cell selects this cell by on another machine. */
function selectorOf({ kernel, platform }: EmulatedCell): string {
  const [option = ''] = selectingOptions(kernel);
  return `${option.replace('--kernel=', '')}/${platform.id}`;
}

function formatPlan(
  shards: readonly Shard[],
  format: PlanOptions['format'],
  wordOf: (name: string) => string,
): string {
  const rows = shards.map(({ cells, ms }, index) => ({
    shard: index + 1,
    of: shards.length,
    kernels: [...new Set(cells.map(({ kernel }) => kernel))],
    cells: cells.map(({ name }) => wordOf(name)),
    ms,
  }));
  switch (format) {
    case 'json':
      return JSON.stringify({ format: 1, shards: rows }, null, 2);
    case 'github':
      // Values are strings for the steps; one line, as $GITHUB_OUTPUT takes it.
      return JSON.stringify({
        include: rows.map(({ shard, of, kernels, cells, ms }) => ({
          shard,
          of,
          kernels: kernels.join(' '),
          cells: cells.join(','),
          minutes: Math.ceil(ms / 60_000),
        })),
      });
    case 'text': {
      const texts = rows.map(({ shard, of, cells, ms }) => [
        ...[`${shard}/${of}`, seconds(ms), cells.join('\n')],
      ]);
      return fittedTable(['shard', 'about', 'cells'], texts);
    }
  }
}
