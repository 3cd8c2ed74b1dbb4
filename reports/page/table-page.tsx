import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { visibleColumns, visibleRows } from '../model/filters.js';
import { columnsOfMine } from '../model/ask.js';
import { absentRows, countDiffering } from '../model/layout.js';
import { EmulatorsTable } from './emulators-table.js';
import { Legend } from './legend.js';
import { MatrixTable } from './matrix-table.js';
import { useReport } from './report-context.js';
import { News } from './news.js';
import { Toolbar } from './toolbar.js';

/** The first page: the summary, the filters, the table. */
export function TablePage(): JSX.Element {
  const { matrix, view } = useReport();
  const { filters, mine } = view;
  const columns = useMemo(
    () => columnsOfMine(visibleColumns(matrix, filters), mine),
    [matrix, filters, mine],
  );
  const found = useMemo(() => visibleRows(matrix, columns, filters), [matrix, columns, filters]);
  const absent = useMemo(() => absentRows(matrix, found, columns), [matrix, found, columns]);
  // What is looked for by name is shown, whatever it is.
  const isWhole = view.absent || filters.text !== '' || filters.supports.length > 0;
  const rows = useMemo(
    () => (isWhole ? found : found.filter((row) => !absent.has(row))),
    [found, absent, isWhole],
  );
  const differing = useMemo(() => countDiffering(matrix, rows, columns), [matrix, rows, columns]);
  const shown = `${rows.length} of ${matrix.rows.length} registers, ${columns.length} of ${matrix.columns.length} cells; ${differing} ${differing === 1 ? 'row differs' : 'rows differ'}`;
  const bar = useRef<HTMLDivElement>(null);
  useBarHeight(bar);
  return (
    <>
      <div class="page-wide">
        <News />
      </div>
      <div class="page-wide toolbar-bar" ref={bar}>
        <Toolbar shown={shown} absent={absent.size} />
      </div>
      <div class="page-wide">
        <Legend />
      </div>
      {rows.length === 0 || columns.length === 0 ? (
        <p class="page-wide nothing">Nothing meets all of these filters.</p>
      ) : (
        <MatrixTable rows={rows} columns={columns} />
      )}
      <EmulatorsTable />
    </>
  );
}

/** Tells the style sheet how high the filters are, below which the table's headings stay in sight. */
function useBarHeight(bar: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { current } = bar;
    if (current === null) return undefined;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => {
      const isSticky = getComputedStyle(current).position === 'sticky';
      style.setProperty('--toolbar', isSticky ? `${current.offsetHeight}px` : '0px');
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
      style.removeProperty('--toolbar');
    };
  }, [bar]);
}
