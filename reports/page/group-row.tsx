import type { JSX } from 'preact';
import type { ColumnSet } from '../model/column-sets.js';
import type { Lens, LookSum } from '../model/looks.js';
import { sumLooks } from '../model/looks.js';
import type { Row } from '../model/matrix.js';
import { useReport } from './report-context.js';

interface GroupRowProps {
  readonly group: string;
  /** The rows of the group that are shown. */
  readonly members: readonly Row[];
  readonly sets: readonly ColumnSet[];
  readonly firsts: ReadonlySet<ColumnSet>;
  readonly lens: Lens;
  readonly isOpen: boolean;
  readonly withNames: boolean;
}

/** The row of a group: it folds the group, and sums up its members in each column. */
export function GroupRow(props: GroupRowProps): JSX.Element {
  const { group, members, sets, firsts, lens, isOpen, withNames } = props;
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
      {sets.map((set, index) => {
        const sum = sumLooks(matrix, members, set.columns, lens);
        return (
          <div
            key={index}
            role="gridcell"
            class={`c sum${firsts.has(set) ? ' first' : ''}`}
            aria-label={sumText(sum)}
          >
            <Sum sum={sum} withNames={withNames} />
          </div>
        );
      })}
    </div>
  );
}

/** A sum in words: "1 lost, 23 exact". */
export function sumText(sum: LookSum): string {
  return sum.map(({ look, count }) => `${count} ${look.name}`).join(', ');
}

/** Looks that are to be seen before all others. */
const LOUD = new Set(['v-error', 'v-unexplained', 'v-kernel', 's-error', 's-lost', 's-aliased']);
const GOOD = new Set(['v-works', 's-exact']);

/** A sum as its sign, where all members are alike; else how many are loud, or else good; over a bar of the shares. */
function Sum({ sum, withNames }: { sum: LookSum; withNames: boolean }): JSX.Element {
  const [first] = sum;
  if (sum.length === 1 && first !== undefined) {
    return (
      <span class={`whole ${first.look.style}`}>
        {first.look.sign}
        {withNames && (
          <span class="words">
            {' '}
            {first.count} {first.look.short}
          </span>
        )}
      </span>
    );
  }
  const loud = sum.find(({ look }) => LOUD.has(look.style));
  const good = sum.find(({ look }) => GOOD.has(look.style));
  return (
    <>
      <span class="count">
        {loud === undefined ? (
          withNames ? (
            <span class="words">
              {good?.count ?? 0} {good?.look.short ?? 'works'}
            </span>
          ) : (
            (good?.count ?? 0)
          )
        ) : (
          <b class={loud.look.style}>
            {loud.count}
            {loud.look.sign}
            {withNames && ` ${loud.look.short}`}
          </b>
        )}
      </span>
      <span class="bar">
        {sum.map(({ look, count }) => (
          <span key={look.style} class={look.style} style={{ flexGrow: count }} />
        ))}
      </span>
    </>
  );
}
