import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { isDrawable } from '../../base/terminal.js';
import type { TestPlan } from '../../../fixtures/test-plan.js';
import { CellCounts } from './cell-counts.js';
import type { NamedCell } from '../../cell/cell.js';
import { nameOfCell } from '../../cell/cell.js';
import { RemainingTime } from '../../cell/time/remaining-time.js';

/** Clears the line that Playwright's reporter for terminals writes over and over. */
const CLEAR_LINE_ABOVE = '\u001b[1A\u001b[2K';

/** What playwright.config.ts gives this reporter; `print` and `now` (milliseconds) are for tests. */
export interface CellProgressOptions {
  readonly plan?:
    (Pick<TestPlan, 'expectedMs'> & { readonly cells: readonly NamedCell[] }) | undefined;
  readonly print?: (text: string) => void;
  readonly now?: () => number;
}

/**
 * Says on standard error, whenever a cell of `npm test` has ended, how many cells are done, running and
 * left, and how long the rest takes. A cell is a project: it runs from its first test to its last.
 */
export default class CellProgressReporter implements Reporter {
  readonly #options: CellProgressOptions;
  readonly #now: () => number;
  /** Tests that have not ended yet, by cell. */
  readonly #testsLeft = new Map<string, number>();
  readonly #startedAt = new Map<string, number>();
  /** Cells whose first test, which boots them, did not pass: their time is no measure. */
  readonly #unanswered = new Set<string>();
  #counts = new CellCounts(0);

  constructor(options: CellProgressOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  onBegin({ workers }: Pick<FullConfig, 'workers'>, root: Suite): void {
    const { cells = [], expectedMs = {} } = this.#options.plan ?? {};
    const planned = new Set(cells.map(nameOfCell));
    for (const suite of root.suites) {
      const name = suite.project()?.name ?? '';
      if (planned.has(name)) this.#testsLeft.set(name, suite.allTests().length);
    }
    // A shard has some of the plan's cells.
    const mine = Object.entries(expectedMs).filter(([cell]) => this.#testsLeft.has(cell));
    this.#counts = new CellCounts(this.#testsLeft.size, new RemainingTime(new Map(mine), workers));
  }

  onTestBegin(test: TestCase): void {
    const cell = this.#cellOf(test);
    if (cell === undefined || this.#startedAt.has(cell)) return;
    this.#startedAt.set(cell, this.#now());
    this.#counts.started(cell, this.#now());
  }

  onTestEnd(test: TestCase, { status, error }: Pick<TestResult, 'status' | 'error'>): void {
    const cell = this.#cellOf(test);
    if (cell === undefined) return;
    const left = (this.#testsLeft.get(cell) ?? 0) - 1;
    this.#testsLeft.set(cell, left);
    if (test.parent.tests[0] === test && status !== 'passed') {
      this.#unanswered.add(cell);
      // The whole of it is printed when all cells have ended, which may be long.
      const why = firstLine(error?.message);
      if (status === 'failed' && why !== undefined) this.#print(why);
    }
    if (left !== 0) return;
    const now = this.#now();
    this.#counts.ended(cell, now, !this.#unanswered.has(cell));
    const took = ((now - (this.#startedAt.get(cell) ?? now)) / 1000).toFixed(1);
    this.#print(`${cell} in ${took} s; ${this.#counts.text(now)}`);
  }

  printsToStdio(): boolean {
    return false;
  }

  #print(line: string): void {
    const { print } = this.#options;
    if (print !== undefined) print(line);
    else console.error(isDrawable(process.stdout) ? `${CLEAR_LINE_ABOVE}${line}\n` : `\n${line}`);
  }

  #cellOf(test: TestCase): string | undefined {
    const name = test.parent.project()?.name;
    return name !== undefined && this.#testsLeft.has(name) ? name : undefined;
  }
}

function firstLine(text: string | undefined): string | undefined {
  return text?.split('\n')[0]?.replace(/^Error: /, '');
}
