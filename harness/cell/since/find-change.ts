/** One of several things in an order, and what it answered. */
export interface Asked<T> {
  readonly item: T;
  readonly answer: string;
}

/** What is known of where an answer changed. */
export interface Change<T> {
  /** The oldest and the newest that gave an answer; undefined: none did. */
  readonly oldest: Asked<T> | undefined;
  readonly newest: Asked<T> | undefined;
  /**
   * The last that answers otherwise than the newest, and the first that answers as it does. Undefined where
   * oldest and newest answer alike: what is between them was not asked.
   */
  readonly between: { readonly before: Asked<T>; readonly since: Asked<T> } | undefined;
}

/**
 * Finds where the newest's answer begins, asking as few as a bisection needs; `items` go from old to new.
 * `ask` gives undefined for one that has no answer: its neighbours are asked instead. An answer that comes
 * and goes is found once.
 */
export async function findChange<T>(
  items: readonly T[],
  ask: (item: T) => Promise<string | undefined>,
): Promise<Change<T>> {
  const left = [...items];
  const oldest = await firstAnswer(left, () => 0, ask);
  const newest = await firstAnswer(left, () => left.length - 1, ask);
  if (oldest === undefined || newest === undefined || oldest.answer === newest.answer) {
    return { oldest, newest, between: undefined };
  }
  let [before, since] = [oldest, newest];
  for (;;) {
    const span = left.slice(left.indexOf(before.item) + 1, left.indexOf(since.item));
    const middle = await firstAnswer(span, () => Math.floor(span.length / 2), ask);
    if (middle === undefined) return { oldest, newest, between: { before, since } };
    if (middle.answer === newest.answer) since = middle;
    else before = middle;
  }
}

/** The answer of the item at `position()`; those that give none are taken out of `items`. */
async function firstAnswer<T>(
  items: T[],
  position: () => number,
  ask: (item: T) => Promise<string | undefined>,
): Promise<Asked<T> | undefined> {
  while (items.length > 0) {
    const at = Math.min(position(), items.length - 1);
    const item = items[at];
    if (item === undefined) return undefined;
    const answer = await ask(item);
    if (answer !== undefined) return { item, answer };
    items.splice(at, 1);
  }
  return undefined;
}
