import type { JSX, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { columnBands } from '../model/column-sets.js';
import { columnsSince } from '../model/filters.js';
import { uniformGroups } from '../model/layout.js';
import type { Column, Row } from '../model/matrix.js';
import { lookOver } from '../model/looks.js';
import { groupRows, rowNamed } from '../model/matrix.js';
import { GroupRow } from './group-row.js';
import { Inspector } from './inspector.js';
import { placeOf } from './place.js';
import { focusAt, focusClicked, moveInGrid, watchFocus } from './grid-keys.js';
import { useGrowingCount } from './growing-count.js';
import { PendingRow, RegisterRow } from './register-row.js';
import { useReport } from './report-context.js';
import { TableHead } from './table-head.js';
import { useWindowWidth } from './window-width.js';

/** Widths in CSS pixels: of a column that shows signs, of one that shows names too, of the names. */
const SIGN_WIDTH = 26;
const NAME_WIDTHS = { least: 84, most: 112 };
const HEAD_WIDTH = 176;
const NARROW_HEAD_WIDTH = 118;
/** What a window without a scroll bar of its own has next to the table. */
const MARGINS = 24;

/** Where the table was left, and which row and field of it had the focus, for the way back from another page. */
let left:
  | {
      readonly x: number;
      readonly y: number;
      readonly focus: readonly [number, number] | undefined;
    }
  | undefined;

interface MatrixTableProps {
  readonly rows: readonly Row[];
  /** In the feed's order. */
  readonly columns: readonly Column[];
}

/** The table: groups that fold and their registers, under headings that stay in sight. */
export function MatrixTable({ rows, columns }: MatrixTableProps): JSX.Element {
  const { matrix, view, go } = useReport();
  const { order, filters, toggled, lens, open: unfolded } = view;
  const grid = useRef<HTMLDivElement>(null);
  const bands = useMemo(() => columnBands(columns, order, unfolded), [columns, order, unfolded]);
  const sets = useMemo(() => bands.flatMap((band) => band.sets), [bands]);
  const firsts = useMemo(() => new Set(bands.flatMap((band) => band.sets[0] ?? [])), [bands]);
  const windowWidth = useWindowWidth();
  const head = windowWidth < 640 ? NARROW_HEAD_WIDTH : HEAD_WIDTH;
  const room = Math.floor((windowWidth - head - MARGINS) / Math.max(sets.length, 1));
  const withNames = room >= NAME_WIDTHS.least;
  const width = withNames ? Math.min(room, NAME_WIDTHS.most) : SIGN_WIDTH;
  const [folded, setFolded] = useState<{ text: string; groups: readonly string[] }>({
    text: '',
    groups: [],
  });
  const groups = useMemo(() => groupRows(rows), [rows]);
  const uniform = useMemo(() => uniformGroups(matrix), [matrix]);
  const before = useMemo(() => columnsSince(matrix, filters.since), [matrix, filters.since]);
  // A row that is drawn once stays as it is while the columns do: typing a filter redraws nothing.
  const drawn = useMemo(
    () => new Map<Row, VNode>(),
    [matrix, sets, firsts, withNames, lens, before],
  );
  const count = useGrowingCount(rows.length, drawn);
  const mayDraw = new Set(rows.slice(0, count));
  const drawnRow = (row: Row): VNode => {
    const known = drawn.get(row);
    if (known !== undefined) return known;
    const key = row.register.name;
    if (!mayDraw.has(row)) return <PendingRow key={`${key} pending`} row={row} />;
    const cells = { sets, firsts, withNames, lens, before };
    const made = <RegisterRow key={key} {...{ matrix, row, ...cells }} />;
    drawn.set(row, made);
    return made;
  };
  // What a search finds is in sight; a group can be folded until another is looked for.
  const { text } = filters;
  const mayFold = folded.text === text ? folded.groups : [];
  const isOpen = (group: string): boolean =>
    text === '' ? uniform.has(group) === toggled.includes(group) : !mayFold.includes(group);
  const toggle = (group: string): void => {
    if (text !== '') {
      const groupsLeft = mayFold.filter((name) => name !== group);
      setFolded({ text, groups: mayFold.includes(group) ? groupsLeft : [...mayFold, group] });
      return;
    }
    const next = toggled.includes(group)
      ? toggled.filter((name) => name !== group)
      : [...toggled, group];
    go({ toggled: next }, { replace: true });
  };
  useLayoutEffect(() => {
    const { current } = grid;
    if (left !== undefined) {
      scrollTo(left.x, left.y);
      if (current !== null && left.focus !== undefined) focusAt(current, left.focus);
    }
    left = undefined;
    const keep = current === null ? undefined : watchFocus(current);
    return () => {
      left = { x: scrollX, y: scrollY, focus: keep?.() };
    };
  }, []);
  useLayoutEffect(() => {
    // One cell of the table is a stop of the Tab key, also when the one that was is filtered away.
    const { current } = grid;
    if (current?.querySelector('[tabindex="0"]') !== null) return;
    current.querySelector('.rows button')?.setAttribute('tabindex', '0');
  });
  /** The cell that a field leads to: of several, the first of the set that looks as the field does. */
  const worstOf = (register: string, index: number): string | undefined => {
    const row = rowNamed(matrix, register);
    const mine = sets[index]?.columns ?? [];
    if (row === undefined) return mine.at(-1)?.name;
    return lookOver(matrix, row, mine, lens).column?.name;
  };
  const open = (target: EventTarget | null): void => {
    const place = placeOf(target);
    if (place === undefined) return;
    if (place.group !== undefined) toggle(place.group);
    else if (place.register !== undefined) {
      const cell = place.column === undefined ? undefined : worstOf(place.register, place.column);
      go({ page: { name: 'register', register: place.register, cell } });
    }
  };
  return (
    <>
      <div
        ref={grid}
        class={`matrix${withNames ? ' with-names' : ''}`}
        role="grid"
        aria-label="What each register does in each cell"
        aria-rowcount={-1}
        aria-colcount={sets.length + 1}
        style={{
          '--column': `${width}px`,
          '--head': `${head}px`,
          '--columns': `${sets.length}`,
        }}
        onKeyDown={(event) => {
          moveInGrid(event, open);
        }}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          const { target } = event;
          if (target instanceof Element && target.closest('[role=columnheader]') !== null) return;
          event.preventDefault();
          focusClicked(event.currentTarget, target);
          open(target);
        }}
      >
        <TableHead
          bands={bands}
          withNames={withNames}
          shown={`${rows.length} registers`}
          onFold={(kernel) => {
            const next = unfolded.includes(kernel)
              ? unfolded.filter((id) => id !== kernel)
              : [...unfolded, kernel];
            go({ open: next }, { replace: true });
          }}
        />
        <div role="rowgroup" class="rows">
          {[...groups].map(([group, members]) => [
            <GroupRow
              key={`group ${group}`}
              {...{ group, members, sets, firsts, lens, isOpen: isOpen(group), withNames }}
            />,
            ...(isOpen(group) ? members.map(drawnRow) : []),
          ])}
        </div>
      </div>
      <Inspector grid={grid} sets={sets} />
    </>
  );
}
