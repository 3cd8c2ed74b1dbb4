/**
 * How much of a run is left. Recorded times are of another machine or another day: what has ended
 * tells how fast this one is.
 */
export class RemainingTime {
  readonly #expected: ReadonlyMap<string, number>;
  readonly #running = new Map<string, number>();
  readonly #jobs: number;
  #left: number;
  #expectedOfEnded = 0;
  #takenByEnded = 0;

  /** `expected` are milliseconds by cell, of all cells that will run. */
  constructor(expected: ReadonlyMap<string, number>, jobs: number) {
    this.#expected = expected;
    this.#jobs = jobs;
    this.#left = [...expected.values()].reduce((sum, ms) => sum + ms, 0);
  }

  started(cell: string, now: number): void {
    this.#running.set(cell, now);
  }

  ended(cell: string, now: number): void {
    const startedAt = this.#running.get(cell);
    const expected = this.#expected.get(cell);
    if (startedAt === undefined || expected === undefined) return;
    this.#running.delete(cell);
    this.#left -= expected;
    this.#expectedOfEnded += expected;
    this.#takenByEnded += now - startedAt;
  }

  /** Milliseconds from `now` to the end of the run. */
  leftMs(now: number): number {
    const pace = this.#expectedOfEnded === 0 ? 1 : this.#takenByEnded / this.#expectedOfEnded;
    const runningMs = [...this.#running].map(([cell, startedAt]) =>
      Math.min(now - startedAt, pace * (this.#expected.get(cell) ?? 0)),
    );
    const doneMs = runningMs.reduce((sum, ms) => sum + ms, 0);
    return Math.max(0, pace * this.#left - doneMs) / this.#jobs;
  }
}
