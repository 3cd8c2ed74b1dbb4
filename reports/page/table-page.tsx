import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { visibleColumns, visibleRows } from '../model/filters.js';
import { countDiffering } from '../model/layout.js';
import { EmulatorsTable } from './emulators-table.js';
import { Legend } from './legend.js';
import { MatrixTable } from './matrix-table.js';
import { useReport } from './report-context.js';
import { Summary } from './summary.js';
import { Toolbar } from './toolbar.js';

/** The first page: the summary, the filters, the table. */
export function TablePage(): JSX.Element {
  const { matrix, view } = useReport();
  const { filters } = view;
  const columns = useMemo(() => visibleColumns(matrix, filters), [matrix, filters]);
  const rows = useMemo(() => visibleRows(matrix, columns, filters), [matrix, columns, filters]);
  const differing = useMemo(() => countDiffering(matrix, rows, columns), [matrix, rows, columns]);
  const shown = `${rows.length} of ${matrix.rows.length} registers, ${columns.length} of ${matrix.columns.length} cells; ${differing} ${differing === 1 ? 'row differs' : 'rows differ'}`;
  return (
    <>
      <div class="page-wide">
        <Summary />
        <Toolbar shown={shown} />
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
