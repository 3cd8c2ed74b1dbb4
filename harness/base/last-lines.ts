/** The last lines of an output, those before and after a mark told apart. */
export class LastLines {
  readonly #limit: number;
  readonly #lines: string[] = [];
  #beforeMark = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length <= this.#limit) return;
    this.#lines.shift();
    this.#beforeMark = Math.max(0, this.#beforeMark - 1);
  }

  /** Oldest first. */
  get all(): readonly string[] {
    return this.#lines;
  }

  /** What is added from now on comes after the mark. */
  mark(): void {
    this.#beforeMark = this.#lines.length;
  }

  get sinceMark(): readonly string[] {
    return this.#lines.slice(this.#beforeMark);
  }
}
