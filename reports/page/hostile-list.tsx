import type { JSX } from 'preact';
import { checkText, HOSTILE_CHECKS } from '../../harness/record/hostile-checks.js';
import type { CellRecord } from '../../harness/record/cell-record.js';
import type { Column } from '../model/matrix.js';
import { useReport } from './report-context.js';

/** What became of each hostile check of a cell, as a list; what a known issue says of it stands with it. */
export function HostileList({ column }: { readonly column: Column }): JSX.Element {
  const { matrix } = useReport();
  // The feed's schema leaves the fields of a record open that it does not name.
  const hostile = column.cell.hostile as CellRecord['hostile'];
  if (hostile === undefined) return <p>No hostile call was made.</p>;
  const issues = matrix.feed.issues.filter(
    ({ checks, evidence }) =>
      checks !== undefined && evidence.some(({ cell }) => cell === column.index),
  );
  return (
    <>
      <p>
        {hostile.ids} ids, seed {hostile.seed}
      </p>
      <ul class="hostile" aria-label="Hostile checks">
        {HOSTILE_CHECKS.map((name) => {
          const check = hostile.checks[name];
          const mine = issues.filter(({ checks }) => checks?.includes(name));
          return (
            <li key={name}>
              <code>{name}</code> {check === undefined ? 'not made' : checkText(check)}
              {mine.map(({ id, what }) => (
                <p key={id}>
                  known issue <code>{id}</code>: {what}
                </p>
              ))}
            </li>
          );
        })}
      </ul>
    </>
  );
}
