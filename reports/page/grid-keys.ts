/** What each key does in the table: rows down and columns to the right; a page is ten rows. */
const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** Moves through the table by keys; Enter and the space bar call `open` with where they are. */
export function moveInGrid(event: KeyboardEvent, open: (target: EventTarget | null) => void): void {
  const { key, target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (key === 'Enter' || key === ' ') {
    if (target.closest('.rows') === null) return; // a heading's own link
    event.preventDefault();
    open(target);
    return;
  }
  const step = STEPS[key];
  if (step === undefined) return;
  event.preventDefault();
  const rows = rowsOf(currentTarget);
  const [place, cell] = placeIn(currentTarget, target);
  const next = rows[within(place + step[0], rows.length)];
  const child = next?.children[within(cell + step[1], next.children.length)];
  if (child !== undefined) focusIn(currentTarget, child);
}

/** Puts the focus into a cell of the table: on its link or button, or on itself. */
function focusIn(grid: HTMLElement, cell: Element): void {
  const element = cell.querySelector<HTMLElement>('a, button') ?? cell;
  if (!(element instanceof HTMLElement)) return;
  // One cell of the table is a stop of the Tab key: the one that had the focus last.
  grid.querySelector('[tabindex="0"]')?.setAttribute('tabindex', '-1');
  element.tabIndex = 0;
  element.focus();
}

/** Puts the focus on the cell of the table that a click went to: Back comes to it again. */
export function focusClicked(grid: HTMLElement, target: EventTarget | null): void {
  const cell = target instanceof Element ? target.closest('.rows > [role=row] > *') : null;
  if (cell !== null) focusIn(grid, cell);
}

/** Keeps in mind which row and field of the table has the focus, counted from its first row. */
export function watchFocus(grid: HTMLElement): () => readonly [number, number] | undefined {
  let place: readonly [number, number] | undefined;
  const look = ({ target }: FocusEvent): void => {
    if (target instanceof Element) place = placeIn(grid, target);
  };
  grid.addEventListener('focusin', look);
  return () => {
    grid.removeEventListener('focusin', look);
    return place;
  };
}

/** Puts the focus where it was, if that place is still there. */
export function focusAt(grid: HTMLElement, [row, cell]: readonly [number, number]): void {
  const child = rowsOf(grid)[row]?.children[cell];
  if (child !== undefined) focusIn(grid, child);
}

function rowsOf(grid: HTMLElement): Element[] {
  return [...grid.querySelectorAll('[role=row]:not(.bands)')];
}

function placeIn(grid: HTMLElement, target: Element): readonly [number, number] {
  const rows = rowsOf(grid);
  const place = rows.findIndex((row) => row.contains(target));
  return [place, [...(rows[place]?.children ?? [])].findIndex((child) => child.contains(target))];
}

function within(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}
