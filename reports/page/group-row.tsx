import type { JSX } from 'preact';
import { isOfNote } from '../model/filters.js';
import type { GroupSum } from '../model/layout.js';
import { sumGroup, sumText } from '../model/layout.js';
import type { Column, Row } from '../model/matrix.js';
import { LOUD_STATES, STATES } from '../model/states.js';
import { useReport } from './report-context.js';

interface GroupRowProps {
  readonly group: string;
  /** The rows of the group that are shown. */
  readonly members: readonly Row[];
  readonly columns: readonly Column[];
  readonly firsts: ReadonlySet<Column>;
  readonly isOpen: boolean;
  readonly withNames: boolean;
}

/** The row of a group: it folds the group, and sums up its members in each column. */
export function GroupRow(props: GroupRowProps): JSX.Element {
  const { group, members, columns, firsts, isOpen, withNames } = props;
  const { matrix } = useReport();
  const all = matrix.groups.get(group)?.length ?? members.length;
  return (
    <div role="row" class="group" data-group={group}>
      <div role="rowheader" class="row-head">
        <button type="button" tabIndex={-1} aria-expanded={isOpen}>
          <span class="fold" aria-hidden="true" />
          {group}{' '}
          <small>
            {members.length < all && `${members.length} of `}
            {all}
          </small>
        </button>
      </div>
      {columns.map((column, index) => {
        const sum = sumGroup(matrix, members, column);
        const isKnown = !isOpen && members.some((row) => isOfNote(matrix, row, column));
        return (
          <div
            key={index}
            role="gridcell"
            class={`c sum${firsts.has(column) ? ' first' : ''}${isKnown ? ' known' : ''}`}
            aria-label={`${sumText(sum)}${isKnown ? ', known issue' : ''}`}
          >
            <Sum sum={sum} withNames={withNames} />
          </div>
        );
      })}
    </div>
  );
}

/**
 * A sum as its sign, where all members are alike; else how many are lost or aliased, or when none
 * are, how many are exact; over a bar of the shares.
 */
function Sum({ sum, withNames }: { sum: GroupSum; withNames: boolean }): JSX.Element {
  const [only] = sum;
  if (sum.size === 1 && only !== undefined) {
    const [support, count] = only;
    return (
      <span class={`whole s-${support}`}>
        {STATES[support].sign}
        {withNames && (
          <span class="words">
            {' '}
            {count} {support}
          </span>
        )}
      </span>
    );
  }
  const loud = [...sum].find(([support]) => LOUD_STATES.has(support));
  return (
    <>
      <span class="count">
        {withNames ? (
          <span class="words">{sumText(sum)}</span>
        ) : loud === undefined ? (
          (sum.get('exact') ?? 0)
        ) : (
          <b class={`s-${loud[0]}`}>
            {loud[1]}
            {STATES[loud[0]].sign}
          </b>
        )}
      </span>
      <span class="bar">
        {[...sum].map(([support, count]) => (
          <span key={support} class={`s-${support}`} style={{ flexGrow: count }} />
        ))}
      </span>
    </>
  );
}
