import type { JSX } from 'preact';
import { hasChanged, isOfNote } from '../model/filters.js';
import { variantsOf } from '../model/layout.js';
import type { Column, Matrix, Row } from '../model/matrix.js';
import { STATES } from '../model/states.js';

interface RegisterRowProps {
  readonly matrix: Matrix;
  readonly row: Row;
  readonly columns: readonly Column[];
  /** The columns that begin under a new heading, where a line divides the table. */
  readonly firsts: ReadonlySet<Column>;
  readonly withNames: boolean;
  /** The kernel since which changes are marked. */
  readonly since: string | undefined;
}

/** A register's row: a cell for each column. */
export function RegisterRow(props: RegisterRowProps): JSX.Element {
  const { matrix, row, columns, firsts, withNames, since } = props;
  const { name } = row.register;
  const variants = variantsOf(matrix, row, columns);
  const cells = columns.map((column, index) => {
    const isFirst = firsts.has(column);
    const answer = matrix.answerAt(row, column);
    if (answer === undefined) {
      return (
        <div
          key={index}
          role="gridcell"
          class={cellClass('untested', isFirst, [])}
          aria-label="not asked"
        />
      );
    }
    const { support } = answer;
    const variant = variants.get(column.index) ?? 1;
    const isKnown = isOfNote(matrix, row, column);
    const deviates = matrix.deviationsAt(row, column).length > 0;
    const changed = since !== undefined && hasChanged(matrix, row, column, since);
    const marks = [
      ...(deviates ? ['deviates'] : isKnown ? ['known'] : []),
      ...(changed ? ['changed'] : []),
    ];
    return (
      <div
        key={index}
        role="gridcell"
        class={cellClass(support, isFirst, marks)}
        aria-label={cellLabel(support, variant, { isKnown, deviates, changed })}
      >
        {STATES[support].sign}
        {variant > 1 && <sub>{variant}</sub>}
        {withNames && <span>{support === 'absent' ? `absent ${answer.get ?? ''}` : support}</span>}
      </div>
    );
  });
  return (
    <div role="row" class="register" data-register={name}>
      <RowHead row={row} />
      {cells}
    </div>
  );
}

/** The row of a register whose cells are still to be drawn. */
export function PendingRow({ row }: { readonly row: Row }): JSX.Element {
  return (
    <div role="row" class="register" data-register={row.register.name} aria-busy="true">
      <RowHead row={row} />
    </div>
  );
}

function RowHead({ row }: { readonly row: Row }): JSX.Element {
  const { name, spr } = row.register;
  return (
    <div role="rowheader" class="row-head">
      <a tabIndex={-1} href={`#/register/${name}`}>
        {name}
      </a>
      {spr !== null && (
        <small title={`SPR ${spr}`}>
          <span class="unseen">SPR </span>
          {spr}
        </small>
      )}
    </div>
  );
}

function cellClass(support: string, isFirst: boolean, marks: readonly string[]): string {
  return [`c s-${support}`, ...(isFirst ? ['first'] : []), ...marks].join(' ');
}

function cellLabel(
  support: string,
  variant: number,
  marks: { isKnown: boolean; deviates: boolean; changed: boolean },
): string {
  return [
    support,
    ...(variant > 1 ? [`answer ${variant}`] : []),
    ...(marks.deviates ? ['deviation'] : marks.isKnown ? ['known issue'] : []),
    ...(marks.changed ? ['changed'] : []),
  ].join(', ');
}
