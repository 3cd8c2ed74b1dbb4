import { countOf } from '../../base/count.js';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import type { CellRecord } from '../../record/cell-record.js';
import { diffRecords } from '../../record/diff-records.js';
import { formatRecordDiff } from '../../record/format-diff.js';
import { judgedColumns } from '../judged-columns.js';
import { matrixTable } from '../progress/matrix-table.js';
import { seconds } from '../progress/progress.js';
import type { CellOutcome } from '../../cell/run-matrix.js';

/** How the two runs are called in sentences: "MMCR3: lost in the run before, exact in this run". */
const RUNS = { a: 'the run before', b: 'this run' };

/**
 * What runs of the same cells have to tell each other: the table of cells that answer for the first
 * time, then only what differs from the last answer. A kernel that did not boot in between is passed
 * over: what comes after it is compared with what was before.
 */
export class WatchedRuns {
  readonly #last = new Map<string, CellRecord>();
  #count = 0;

  /** The text of a run that took `ms`; it is the last one from then on. */
  async tell(outcomes: readonly CellOutcome[], ms: number): Promise<string> {
    this.#count += 1;
    const answers = outcomes.flatMap((outcome) =>
      'record' in outcome ? [{ key: keyOf(outcome), record: outcome.record }] : [],
    );
    const pairs = answers.map(({ key, record }) => ({ before: this.#last.get(key), record }));
    for (const { key, record } of answers) this.#last.set(key, record);
    const fresh = pairs.flatMap(({ before, record }) => (before === undefined ? [record] : []));
    const differences = pairs
      .flatMap(({ before, record }) =>
        before === undefined ? [] : [diffRecords(before, record, RUNS)],
      )
      .filter(({ registers, checks }) => registers.length + checks.length > 0);
    const changed = differences.reduce((sum, { registers }) => sum + registers.length, 0);
    const failed = outcomes.filter((outcome) => 'error' in outcome).length;
    const isCompared = pairs.length > fresh.length;
    const summary = [
      ...(isCompared ? [`${noneOrCountOf(changed, 'register')} changed`] : []),
      ...(fresh.length > 0 ? [`${countOf(fresh.length, 'cell')} recorded`] : []),
      ...(failed > 0 ? [`${countOf(failed, 'cell')} failed`] : []),
    ];
    return [
      ...(fresh.length > 0 ? [matrixTable(await judgedColumns(fresh))] : []),
      ...differences.map(formatRecordDiff),
      `run ${this.#count}: ${summary.length === 0 ? 'no cell can run here' : summary.join(', ')} (${seconds(ms)})`,
    ].join('\n');
  }
}

/** The cell by its kernel's file: the id is another one for each build of it. */
function keyOf({ cell: { kernel, platform } }: CellOutcome): string {
  const name = 'source' in kernel ? fileOf(kernel) : kernel.id;
  return `${name} ${platform.id}`;
}

function fileOf({ id, source }: KernelEntry): string {
  return source.kind === 'file' ? source.image : id;
}

function noneOrCountOf(count: number, what: string): string {
  return count === 0 ? `no ${what}` : countOf(count, what);
}
