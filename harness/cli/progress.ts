import { Listr } from 'listr2';
import { plainProgress } from './plain-progress.js';
import type { RemainingTime } from './remaining-time.js';
import type { CellDone, CellOutcome, MatrixEvents } from './run-matrix.js';
import { cellName } from './run-matrix.js';
import type { Cell } from './selection.js';

/**
 * Shows a run as it goes: on a terminal one line for each cell with its phase, elsewhere one plain
 * line when a cell has ended. All of it on standard error: standard output is for results.
 */
export class RunProgress {
  readonly events: MatrixEvents;
  readonly #rows = new Map<string, ProgressRow>();
  #ended = 0;
  #head: (text: string) => void = () => undefined;
  #headEnded: () => void = () => undefined;

  /** `remaining` tells how long the cells that will run take yet. */
  constructor(cells: readonly Cell[], isTerminal: boolean, remaining?: RemainingTime) {
    const startedAt = performance.now();
    const whatIsLeft = (): string => {
      const left = remaining?.leftMs(performance.now());
      return left === undefined ? '' : `, about ${Math.ceil(left / 1000)} s left`;
    };
    const tellBuild = plainProgress();
    for (const cell of cells) this.#rows.set(cellName(cell), new ProgressRow());
    this.events = {
      cellStarted: (cell) => {
        remaining?.started(cellName(cell), performance.now());
        if (cell.isHardware !== true) this.#rows.get(cellName(cell))?.say('kernel');
      },
      cellPhase: (cell, phase) => this.#rows.get(cellName(cell))?.say(phase),
      kernelProgress: (kernel, what) => {
        if (!isTerminal && kernel.source.kind === 'build') tellBuild(what);
        for (const cell of cells) {
          if (cell.kernel.id === kernel.id) this.#rows.get(cellName(cell))?.say(what);
        }
      },
      notice: (message) => {
        if (!isTerminal) console.error(message);
      },
      cellEnded: (outcome, ms) => {
        this.#ended += 1;
        const name = cellName(outcome.cell);
        remaining?.ended(name, performance.now());
        const hasFailed = 'error' in outcome;
        const how = howEnded(outcome);
        if (!isTerminal) {
          const total = seconds(performance.now() - startedAt);
          console.error(
            `[${this.#ended}/${cells.length}] ${name}: ${how} in ${seconds(ms)} (${total} in all${whatIsLeft()})`,
          );
        }
        this.#rows
          .get(name)
          ?.end(`${name} (${'obstacle' in outcome ? how : seconds(ms)})`, hasFailed);
        this.#head(`${this.#ended} of ${cells.length} cells${whatIsLeft()}`);
        if (this.#ended === cells.length) this.#headEnded();
      },
    };
    if (isTerminal) void this.#draw(cells);
  }

  async #draw(cells: readonly Cell[]): Promise<void> {
    const list = new Listr(
      [
        {
          title: `0 of ${cells.length} cells`,
          task: async (_: unknown, task: { title: string }) => {
            this.#head = (text) => (task.title = text);
            return new Promise<void>((resolve) => (this.#headEnded = resolve));
          },
        },
        ...cells.map((cell) => ({
          title: cellName(cell),
          task: async (_: unknown, task: { title: string; output: string }) => {
            const row = this.#rows.get(cellName(cell));
            row?.show((text) => (task.output = text));
            task.title = (await row?.ended) ?? task.title;
          },
        })),
      ],
      {
        concurrent: true,
        exitOnError: false,
        renderer: 'default',
        rendererOptions: { showErrorMessage: false, collapseSubtasks: false },
        registerSignalListeners: false,
      },
    );
    await list.run().catch(() => undefined); // a failed cell is told by its outcome
  }
}

function howEnded(outcome: CellOutcome | CellDone): string {
  if ('done' in outcome) return outcome.done;
  if ('error' in outcome) return 'FAILED';
  return 'record' in outcome ? 'recorded' : 'skipped';
}

/** One cell's line: what is going on, and a promise of its last title. */
class ProgressRow {
  readonly ended: Promise<string>;
  #resolve: (title: string) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #show: (text: string) => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.ended.catch(() => undefined); // nobody waits when nothing is drawn
  }

  show(show: (text: string) => void): void {
    this.#show = show;
  }

  say(text: string): void {
    this.#show(text);
  }

  end(title: string, hasFailed: boolean): void {
    if (hasFailed) this.#reject(new Error(title));
    else this.#resolve(title);
  }
}

/** Milliseconds as seconds with one decimal: "4.2 s". */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
