import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { countOf, shortAnswer } from '../model/words.js';
import { sumGroup, sumText } from '../model/layout.js';
import type { Column, Matrix } from '../model/matrix.js';
import { rowNamed } from '../model/matrix.js';
import type { Place } from './place.js';
import { placeOf } from './place.js';
import { useReport } from './report-context.js';
import { StateChip } from './state-chip.js';

interface InspectorProps {
  readonly grid: RefObject<HTMLElement | null>;
  readonly columns: readonly Column[];
}

/** A line at the bottom that says in words what is under the pointer or has the focus. */
export function Inspector({ grid, columns }: InspectorProps): JSX.Element {
  const { matrix } = useReport();
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
        <PlaceText matrix={matrix} place={place} column={columns[place.column ?? -1]} />
      )}
    </aside>
  );
}

interface PlaceTextProps {
  readonly matrix: Matrix;
  readonly place: Place;
  readonly column: Column | undefined;
}

function PlaceText({ matrix, place, column }: PlaceTextProps): JSX.Element {
  if (place.group !== undefined) {
    const members = matrix.groups.get(place.group) ?? [];
    return (
      <>
        <b>{place.group}</b>
        {column === undefined ? (
          <span>{countOf(members.length, 'register')}</span>
        ) : (
          <>
            <span>{column.name}</span>
            <span>{sumText(sumGroup(matrix, members, column))}</span>
          </>
        )}
      </>
    );
  }
  const row = rowNamed(matrix, place.register ?? '');
  if (row === undefined) return <></>;
  const { name, what } = row.register;
  if (column === undefined) {
    return (
      <>
        <b>{name}</b>
        <span>{what}</span>
      </>
    );
  }
  const answer = matrix.answerAt(row, column);
  const why = answer?.reasons?.map((index) => matrix.feed.reasons[index]?.why).join(' ');
  const isMasked = answer !== undefined && ['masked', 'restricted'].includes(answer.support);
  return (
    <>
      <b>{name}</b>
      <span>{column.name}</span>
      {answer === undefined ? (
        <span>not asked</span>
      ) : (
        <StateChip support={answer.support} text={shortAnswer(answer)} />
      )}
      {isMasked && <code>writable {answer.writable}</code>}
      {matrix.issuesAt(row, column).map(({ id, what: issue }) => (
        <span key={id} class="issue">
          {id}: {issue}
        </span>
      ))}
      {why !== undefined && why !== '' && <span class="why">{why}</span>}
    </>
  );
}
