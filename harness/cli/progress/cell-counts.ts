import type { RemainingTime } from '../../cell/time/remaining-time.js';

/** How many cells of a run are done, running and left, and how long the rest takes, as one phrase. */
export class CellCounts {
  readonly #total: number;
  readonly #remaining: RemainingTime | undefined;
  readonly #running = new Set<string>();
  #done = 0;

  /** `remaining` is notified of each cell, too; without it no time is named. */
  constructor(total: number, remaining?: RemainingTime) {
    this.#total = total;
    this.#remaining = remaining;
  }

  started(cell: string, now: number): void {
    this.#running.add(cell);
    this.#remaining?.started(cell, now);
  }

  ended(cell: string, now: number, recorded: boolean): void {
    this.#running.delete(cell);
    this.#done += 1;
    this.#remaining?.ended(cell, now, recorded);
  }

  areAllDone(): boolean {
    return this.#done === this.#total;
  }

  /** E.g. "11 of 26 cells done, 2 running, 13 left, about 27 s to go". */
  text(now: number = performance.now()): string {
    const done = `${this.#done} of ${this.#total} ${this.#total === 1 ? 'cell' : 'cells'} done`;
    if (this.areAllDone()) return done;
    const running = this.#running.size;
    const left = this.#total - this.#done - running;
    const ms = this.#remaining?.isOver === false ? this.#remaining.leftMs(now) : undefined;
    return `${done}, ${running} running, ${left} left${timeText(ms)}`;
  }
}

/** What is said of the time that is left; none when all cells that run have taken longer already. */
function timeText(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms === 0 ? ', longer than estimated' : `, about ${durationText(ms)} to go`;
}

/** Whole seconds up to two minutes, minutes and seconds from then on: "95 s", "3 min 20 s". */
export function durationText(ms: number): string {
  const all = Math.ceil(ms / 1000);
  return all <= 120 ? `${all} s` : `${Math.floor(all / 60)} min ${all % 60} s`;
}
