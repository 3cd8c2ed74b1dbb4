import type { JSX, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { columnBands, uniformGroups } from '../model/layout.js';
import type { Column, Row } from '../model/matrix.js';
import { groupRows } from '../model/matrix.js';
import { GroupRow } from './group-row.js';
import { Inspector } from './inspector.js';
import { placeOf } from './place.js';
import { moveInGrid } from './grid-keys.js';
import { useGrowingCount } from './growing-count.js';
import { PendingRow, RegisterRow } from './register-row.js';
import { useReport } from './report-context.js';
import { TableHead } from './table-head.js';
import { useWindowWidth } from './window-width.js';

/** Widths in CSS pixels: of a column that shows signs, of one that shows names too, of the names. */
const SIGN_WIDTH = 26;
const NAME_WIDTH = 112;
const HEAD_WIDTH = 176;

/** Where the table was left, for the way back from another page. */
let left: { readonly x: number; readonly y: number } | undefined;

interface MatrixTableProps {
  readonly rows: readonly Row[];
  /** In the feed's order. */
  readonly columns: readonly Column[];
}

/** The table: groups that fold and their registers, under headings that stay in sight. */
export function MatrixTable({ rows, columns }: MatrixTableProps): JSX.Element {
  const { matrix, view, go } = useReport();
  const { order, filters, toggled } = view;
  const grid = useRef<HTMLDivElement>(null);
  const bands = useMemo(() => columnBands(columns, order), [columns, order]);
  const ordered = useMemo(() => bands.flatMap((band) => band.columns), [bands]);
  const firsts = useMemo(() => new Set(bands.flatMap((band) => band.columns[0] ?? [])), [bands]);
  const withNames = HEAD_WIDTH + ordered.length * NAME_WIDTH < useWindowWidth();
  const groups = useMemo(() => groupRows(rows), [rows]);
  const uniform = useMemo(() => uniformGroups(matrix), [matrix]);
  // A row that is drawn once stays as it is while the columns do: typing a filter redraws nothing.
  const drawn = useMemo(
    () => new Map<Row, VNode>(),
    [matrix, ordered, firsts, withNames, filters.since],
  );
  const count = useGrowingCount(rows.length, drawn);
  const mayDraw = new Set(rows.slice(0, count));
  const drawnRow = (row: Row): VNode => {
    const known = drawn.get(row);
    if (known !== undefined) return known;
    const key = row.register.name;
    if (!mayDraw.has(row)) return <PendingRow key={`${key} pending`} row={row} />;
    const cells = { columns: ordered, firsts, withNames, since: filters.since };
    const made = <RegisterRow key={key} {...{ matrix, row, ...cells }} />;
    drawn.set(row, made);
    return made;
  };
  const isOpen = (group: string): boolean => uniform.has(group) === toggled.includes(group);
  const toggle = (group: string): void => {
    const next = toggled.includes(group)
      ? toggled.filter((name) => name !== group)
      : [...toggled, group];
    go({ toggled: next }, { replace: true });
  };
  useLayoutEffect(() => {
    if (left !== undefined) scrollTo(left.x, left.y);
    left = undefined;
    return () => {
      left = { x: scrollX, y: scrollY };
    };
  }, []);
  useLayoutEffect(() => {
    // One cell of the table is a stop of the Tab key, also when the one that was is filtered away.
    const { current } = grid;
    if (current?.querySelector('[tabindex="0"]') !== null) return;
    current.querySelector('.rows button')?.setAttribute('tabindex', '0');
  });
  const open = (target: EventTarget | null): void => {
    const place = placeOf(target);
    if (place === undefined) return;
    if (place.group !== undefined) toggle(place.group);
    else if (place.register !== undefined) {
      const cell = place.column === undefined ? undefined : ordered[place.column]?.name;
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
        aria-colcount={ordered.length + 1}
        style={{
          '--column': `${withNames ? NAME_WIDTH : SIGN_WIDTH}px`,
          '--head': `${HEAD_WIDTH}px`,
          '--columns': `${ordered.length}`,
        }}
        onKeyDown={(event) => {
          moveInGrid(event, open);
        }}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          const { target } = event;
          if (target instanceof Element && target.closest('[role=columnheader]') !== null) return;
          event.preventDefault();
          open(target);
        }}
      >
        <TableHead bands={bands} withNames={withNames} shown={`${rows.length} registers`} />
        <div role="rowgroup" class="rows">
          {[...groups].map(([group, members]) => [
            <GroupRow
              key={`group ${group}`}
              {...{ group, members, columns: ordered, firsts, isOpen: isOpen(group), withNames }}
            />,
            ...(isOpen(group) ? members.map(drawnRow) : []),
          ])}
        </div>
      </div>
      <Inspector grid={grid} columns={ordered} />
    </>
  );
}
