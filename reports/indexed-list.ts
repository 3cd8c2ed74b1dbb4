/** A list without repeats: what has the same JSON text is the same. */
export class IndexedList<T extends object> {
  readonly #values: T[] = [];
  readonly #indexes = new Map<string, number>();

  /** Where `value` stands; it is added when it is new. */
  indexOf(value: T): number {
    const text = JSON.stringify(value);
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.#values.length);
    return this.#values.push(value) - 1;
  }

  values(): T[] {
    return this.#values;
  }
}
