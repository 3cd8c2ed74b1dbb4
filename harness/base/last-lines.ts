/** How many lines of a tool's output stand in an error. */
const EVIDENCE_LINES = 15;

/** The last lines of a whole output that say something, oldest first. */
export function lastLinesOf(output: string): string[] {
  return output
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .slice(-EVIDENCE_LINES);
}

/** The last lines of an output that goes on, with those after a mark by themselves. */
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
