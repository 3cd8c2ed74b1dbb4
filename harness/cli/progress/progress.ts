import { Listr } from 'listr2';
import { isInterruption } from '../../base/error.js';
import { CellCounts } from './cell-counts.js';
import { QUIET_MS } from '../../base/heartbeat.js';
import { plainProgress } from '../../base/plain-progress.js';
import type { RemainingTime } from '../../cell/time/remaining-time.js';
import type { CellDone, CellOutcome, MatrixEvents } from '../../cell/run-matrix.js';
import { nameOfCell } from '../../cell/cell.js';
import type { Cell } from '../../cell/cell.js';

/** How often the time that is left is reported again on a terminal. */
const TICK_MS = 1000;

/**
 * Shows a run as it goes: on a terminal one line for each cell with its phase, elsewhere one plain
 * line when a cell has ended; and how many cells are done, running and left, and how long that takes.
 * All of it on standard error: standard output is for results.
 */
export class RunProgress {
  readonly events: MatrixEvents;
  readonly #rows = new Map<string, ProgressRow>();
  readonly #counts: CellCounts;
  #head: (text: string) => void = () => undefined;
  #headEnded: () => void = () => undefined;

  /** `remaining` tells how long the cells that will run take yet; `print` is for plain lines. */
  constructor(
    cells: readonly Cell[],
    isTerminal: boolean,
    remaining?: RemainingTime,
    say: (text: string) => void = console.error,
  ) {
    const startedAt = performance.now();
    const counts = new CellCounts(cells.length, remaining);
    this.#counts = counts;
    // Elsewhere than on a terminal something is said every ten seconds: silence looks like a hang.
    let latest = '';
    let saidAt = startedAt;
    const print = (text: string): void => {
      saidAt = performance.now();
      say(text);
    };
    const tellBuild = plainProgress(print);
    if (!isTerminal) {
      setInterval(() => {
        if (counts.areAllDone() || performance.now() - saidAt < QUIET_MS) return;
        print(`${latest === '' ? '' : `${latest}; `}${counts.text()}`);
      }, TICK_MS).unref();
    }
    for (const cell of cells) this.#rows.set(nameOfCell(cell), new ProgressRow());
    this.events = {
      cellStarted: (cell) => {
        counts.started(nameOfCell(cell), performance.now());
        this.#tellHead();
        if (cell.isHardware !== true) this.#rows.get(nameOfCell(cell))?.say('kernel');
      },
      cellPhase: (cell, phase) => {
        // What was said of a kernel's files is of the past when machines go on.
        latest = '';
        this.#rows.get(nameOfCell(cell))?.say(phase);
      },
      kernelProgress: (kernel, what) => {
        latest = what;
        if (!isTerminal && ['build', 'git'].includes(kernel.source.kind)) tellBuild(what);
        for (const cell of cells) {
          if (cell.kernel.id === kernel.id) this.#rows.get(nameOfCell(cell))?.say(what);
        }
      },
      notice: (message) => {
        if (!isTerminal) print(message);
      },
      cellEnded: (outcome, ms) => {
        const name = nameOfCell(outcome.cell);
        counts.ended(name, performance.now(), 'record' in outcome);
        const how = howEnded(outcome);
        if (!isTerminal) {
          const tell = (): void => {
            const total = seconds(performance.now() - startedAt);
            print(`${name}: ${how} in ${seconds(ms)}; ${counts.text()} (${total} so far)`);
          };
          // The cell that takes this one's place starts right after this event.
          if (counts.areAllDone()) tell();
          else setImmediate(tell);
        }
        this.#rows
          .get(name)
          ?.end(`${name} (${'obstacle' in outcome ? how : seconds(ms)})`, 'error' in outcome);
        this.#tellHead();
        if (counts.areAllDone()) this.#headEnded();
      },
    };
    if (isTerminal) void this.#draw(cells);
  }

  #tellHead(): void {
    this.#head(this.#counts.text());
  }

  async #draw(cells: readonly Cell[]): Promise<void> {
    const clock = setInterval(() => {
      this.#tellHead();
    }, TICK_MS).unref();
    const list = new Listr(
      [
        {
          title: this.#counts.text(),
          task: async (_: unknown, task: { title: string }) => {
            this.#head = (text) => (task.title = text);
            return new Promise<void>((resolve) => (this.#headEnded = resolve));
          },
        },
        ...cells.map((cell) => ({
          title: nameOfCell(cell),
          task: async (_: unknown, task: { title: string; output: string }) => {
            const row = this.#rows.get(nameOfCell(cell));
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
    await list.run().catch(() => undefined); // a failed cell is reported by its outcome
    clearInterval(clock);
  }
}

function howEnded(outcome: CellOutcome | CellDone): string {
  if ('done' in outcome) return outcome.done;
  if ('error' in outcome) return isInterruption(outcome.error) ? 'stopped' : 'FAILED';
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
