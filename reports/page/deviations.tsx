import type { JSX } from 'preact';
import type { FeedDeviation } from '../feed.generated.js';
import type { Matrix } from '../model/matrix.js';
import type { Page } from '../model/view.js';
import { useReport } from './report-context.js';

function registerOf({ rows }: Matrix, { register }: FeedDeviation): string {
  return rows[register ?? -1]?.register.name ?? '';
}

/** The page of the register in the cell, or of the cell, whose page has its hostile checks. */
function pageOf(matrix: Matrix, found: FeedDeviation): Page {
  const cell = matrix.columns[found.cell]?.name;
  return found.register === null
    ? { name: 'cell', cell: cell ?? '' }
    : { name: 'register', register: registerOf(matrix, found), cell };
}

/** What no known issue excuses, the first few of it. */
export function Deviations({ most = 3 }: { readonly most?: number }): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { deviations } = matrix.feed;
  return (
    <ul class="deviations" aria-label="Deviations">
      {deviations.slice(0, most).map((found) => (
        <li key={`${found.cell} ${found.check ?? registerOf(matrix, found)} ${found.rule}`}>
          <a class="name" href={addressOf(pageOf(matrix, found))}>
            {found.check ?? registerOf(matrix, found)}
          </a>{' '}
          {found.message}
        </li>
      ))}
      {deviations.length > most && (
        <li>
          and <a href={addressOf({ name: 'findings' })}>{deviations.length - most} more</a>
        </li>
      )}
    </ul>
  );
}
