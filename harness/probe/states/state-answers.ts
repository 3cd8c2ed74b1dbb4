import type { StateRecord } from '../../record/record.generated.js';

/** What is seen of a state, item by item. */
export class StateAnswers {
  readonly #answers: Record<string, string> = {};
  readonly #faults: Record<string, string> = {};

  /**
   * Notes what was seen; `expected` where it should have been something else. Of an item that is asked
   * more than once, the fault stays.
   */
  say(item: string, answer: string, expected?: string): void {
    if (expected === undefined && item in this.#faults) return;
    this.#answers[item] = answer;
    if (expected !== undefined) this.#faults[item] = expected;
  }

  /** Notes what was seen, which should have been `expected`. */
  compare(item: string, seen: string, expected: string): void {
    this.say(item, seen, seen === expected ? undefined : expected);
  }

  get record(): StateRecord {
    const hasFaults = Object.keys(this.#faults).length > 0;
    return { answers: this.#answers, ...(hasFaults ? { faults: this.#faults } : {}) };
  }
}

/** A value as the answers have it. */
export function hexText(value: bigint): string {
  return `0x${value.toString(16)}`;
}
