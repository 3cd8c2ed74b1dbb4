import type { JSX } from 'preact';
import { columnsByKernel } from '../model/history.js';
import type { Column } from '../model/matrix.js';
import { useReport } from './report-context.js';

/** Cells by kernel, each a link to what it ran on. */
export function Places({ columns }: { readonly columns: readonly Column[] }): JSX.Element {
  const { addressOf } = useReport();
  return (
    <ul class="places">
      {[...columnsByKernel(columns)].map(([kernel, here]) => (
        <li key={kernel.id}>
          <b>{kernel.id}</b>{' '}
          {here.map((column) => (
            <a key={column.index} href={addressOf({ name: 'cell', cell: column.name })}>
              {column.platform.id}
            </a>
          ))}
        </li>
      ))}
    </ul>
  );
}
