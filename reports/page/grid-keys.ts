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
  const rows = [...currentTarget.querySelectorAll('[role=row]:not(.bands)')];
  const place = rows.findIndex((row) => row.contains(target));
  const cell = [...(rows[place]?.children ?? [])].findIndex((child) => child.contains(target));
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

function within(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}
