import type { PaceSample } from './pace.js';
import { paceOf } from './pace.js';

/**
 * How much of a run is left. Recorded times are of another machine or another day: the cells that
 * have ended tell how fast this one is (`paceOf`), and the rest is played through as it will run:
 * the longest first, each in the slot that is free first.
 */
export class RemainingTime {
  readonly #waiting: Map<string, number>;
  readonly #running = new Map<
    string,
    { readonly expectedMs: number; readonly startedAt: number }
  >();
  readonly #samples: PaceSample[] = [];
  readonly #jobs: number;

  /** `expected` are milliseconds by cell, of all cells that will run; `jobs` of them at once. */
  constructor(expected: ReadonlyMap<string, number>, jobs: number) {
    this.#waiting = new Map([...expected].sort(([, a], [, b]) => b - a));
    this.#jobs = jobs;
  }

  started(cell: string, now: number): void {
    const expectedMs = this.#waiting.get(cell);
    if (expectedMs === undefined) return;
    this.#waiting.delete(cell);
    this.#running.set(cell, { expectedMs, startedAt: now });
  }

  /** A cell that was not `recorded` (it failed, or cannot run after all) tells nothing of the pace. */
  ended(cell: string, now: number, recorded = true): void {
    const run = this.#running.get(cell);
    if (run === undefined) return;
    this.#running.delete(cell);
    if (recorded) {
      this.#samples.push({ expectedMs: run.expectedMs, tookMs: now - run.startedAt });
    }
  }

  /** Whether no cell is left whose time is known (that of hardware is not). */
  get isOver(): boolean {
    return this.#waiting.size + this.#running.size === 0;
  }

  /** Milliseconds from `now` to the end of the run. */
  leftMs(now: number): number {
    const pace = this.#samples.length > 0 ? paceOf(this.#samples) : this.#paceSoFar(now);
    const slots = Array.from({ length: this.#jobs }, () => 0);
    const occupy = (ms: number): void => {
      const free = slots.indexOf(Math.min(...slots));
      slots[free] = (slots[free] ?? 0) + ms;
    };
    for (const { expectedMs, startedAt } of this.#running.values()) {
      occupy(Math.max(0, pace(expectedMs) * expectedMs - (now - startedAt)));
    }
    for (const expectedMs of this.#waiting.values()) occupy(pace(expectedMs) * expectedMs);
    return Math.max(...slots);
  }

  /** Before a cell has ended: the recorded pace, until the cells that run have taken longer. */
  #paceSoFar(now: number): () => number {
    const runs = [...this.#running.values()];
    const expectedMs = runs.reduce((sum, run) => sum + run.expectedMs, 0);
    const ranMs = runs.reduce((sum, { startedAt }) => sum + now - startedAt, 0);
    const pace = expectedMs === 0 ? 1 : Math.max(1, ranMs / expectedMs);
    return () => pace;
  }
}
