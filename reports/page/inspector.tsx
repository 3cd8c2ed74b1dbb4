import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { countOf } from '../../harness/base/count.js';
import { shortAnswer } from '../model/words.js';
import type { ColumnSet } from '../model/column-sets.js';
import type { Lens } from '../model/looks.js';
import { lookOver, setLookText, sumLooks } from '../model/looks.js';
import type { Matrix } from '../model/matrix.js';
import { rowNamed } from '../model/matrix.js';
import type { Place } from './place.js';
import { placeOf } from './place.js';
import { useReport } from './report-context.js';
import { sumText } from './group-row.js';
import { LookChip } from './look-chip.js';
import { StateChip } from './state-chip.js';

interface InspectorProps {
  readonly grid: RefObject<HTMLElement | null>;
  readonly sets: readonly ColumnSet[];
}

/** A line at the bottom that says in words what is under the pointer or has the focus. */
export function Inspector({ grid, sets }: InspectorProps): JSX.Element {
  const { matrix, view } = useReport();
  const [place, setPlace] = useState<Place>();
  useLayoutEffect(() => {
    const element = grid.current;
    const look = ({ target }: Event): void => {
      setPlace(placeOf(target));
    };
    element?.addEventListener('pointerover', look);
    element?.addEventListener('focusin', look);
    return () => {
      element?.removeEventListener('pointerover', look);
      element?.removeEventListener('focusin', look);
    };
  }, [grid]);
  return (
    <aside class="inspector" aria-label="The cell that is pointed at">
      {place === undefined ? (
        <span class="hint">
          Point at a cell to read it; click or Enter opens it. Arrows move, / filters.
        </span>
      ) : (
        <PlaceText matrix={matrix} place={place} set={sets[place.column ?? -1]} lens={view.lens} />
      )}
    </aside>
  );
}

interface PlaceTextProps {
  readonly matrix: Matrix;
  readonly place: Place;
  readonly set: ColumnSet | undefined;
  readonly lens: Lens;
}

function PlaceText({ matrix, place, set, lens }: PlaceTextProps): JSX.Element {
  if (place.group !== undefined) {
    const members = matrix.groups.get(place.group) ?? [];
    return (
      <>
        <b>{place.group}</b>
        {set === undefined ? (
          <span>{countOf(members.length, 'register')}</span>
        ) : (
          <>
            <span>{set.columns.length === 1 ? set.columns[0]?.name : set.title}</span>
            <span>{sumText(sumLooks(matrix, members, set.columns, lens))}</span>
          </>
        )}
      </>
    );
  }
  const row = rowNamed(matrix, place.register ?? '');
  if (row === undefined) return <></>;
  const { name, what } = row.register;
  if (set === undefined) {
    return (
      <>
        <b>{name}</b>
        <span>{what}</span>
      </>
    );
  }
  const found = lookOver(matrix, row, set.columns, lens);
  const { column } = found;
  if (column === undefined) return <></>;
  const answer = matrix.answerAt(row, column);
  const issues = matrix.issuesBehind(row, column);
  const why = answer?.reasons?.map((index) => matrix.feed.reasons[index]?.why).join(' ');
  const isMasked = answer !== undefined && ['masked', 'restricted'].includes(answer.support);
  return (
    <>
      <b>{name}</b>
      <span>{set.columns.length === 1 ? column.name : set.title}</span>
      {answer !== undefined && lens !== 'one-reg' && (
        <LookChip look={found.look} text={setLookText(found)} />
      )}
      {answer === undefined ? (
        <span>not asked</span>
      ) : (
        <StateChip support={answer.support} text={shortAnswer(answer)} />
      )}
      {isMasked && <code>writable {answer.writable}</code>}
      {issues.map(({ id, what: issue }) => (
        <span key={id} class="issue">
          {id}: {issue}
        </span>
      ))}
      {why !== undefined && why !== '' && <span class="why">{why}</span>}
    </>
  );
}
