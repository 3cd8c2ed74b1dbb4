import type { HostileAnswer, HostileCheck } from '../../record/record.generated.js';
import { errnoName } from '../../sync/errno.js';

/** A record keeps so many of what was not expected; the rest are counted. */
const FIRST = 16;

/** What the calls of one check came to. */
export class Answers {
  readonly #counts = new Map<string, number>();
  readonly #unexpected: HostileAnswer[] = [];

  /** Counts an answer: 0 or a negative errno. */
  count(error: number, times = 1): void {
    const name = answerName(error);
    if (times > 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  /** Notes what was not expected. */
  note(call: string, expected: string, got: string): void {
    this.#unexpected.push({ call, expected, got });
  }

  toRecord(): HostileCheck {
    const [one, ...more] = this.#unexpected.slice(0, FIRST);
    const answers = Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
    return one === undefined
      ? { answers }
      : { answers, unexpected: { count: this.#unexpected.length, first: [one, ...more] } };
  }
}

/** `ok`, or an errno's name. */
export function answerName(error: number): string {
  return error === 0 ? 'ok' : errnoName(error);
}
