import type { JSX } from 'preact';
import { hasChanged, isOfNote } from '../model/filters.js';
import type { ColumnSet } from '../model/column-sets.js';
import { variantsOf } from '../model/layout.js';
import type { Lens } from '../model/looks.js';
import { lookOver, setLookText } from '../model/looks.js';
import type { Column, Matrix, Row } from '../model/matrix.js';

interface RegisterRowProps {
  readonly matrix: Matrix;
  readonly row: Row;
  readonly sets: readonly ColumnSet[];
  /** The columns that begin under a new heading, where a line divides the table. */
  readonly firsts: ReadonlySet<ColumnSet>;
  readonly lens: Lens;
  readonly withNames: boolean;
  /** What each column is compared with, to mark changes: `columnsSince`. */
  readonly before: ReadonlyMap<Column, Column>;
}

/** A register's row: a field for each column, the worst of what its cells show. */
export function RegisterRow(props: RegisterRowProps): JSX.Element {
  const { matrix, row, sets, firsts, lens, withNames, before } = props;
  const { name } = row.register;
  // Numbers tell answers of one state apart, which only single cells have.
  const isSingle = lens === 'one-reg' && sets.every(({ columns }) => columns.length === 1);
  const variants = isSingle
    ? variantsOf(
        matrix,
        row,
        sets.flatMap(({ columns }) => columns),
      )
    : new Map<number, number>();
  const cells = sets.map((set, index) => {
    const { columns } = set;
    const found = lookOver(matrix, row, columns, lens);
    const { look, count, asked } = found;
    const variant = variants.get(columns[0]?.index ?? -1) ?? 1;
    const deviates = columns.some((column) => matrix.deviationsAt(row, column).length > 0);
    const isKnown = lens === 'one-reg' && columns.some((column) => isOfNote(matrix, row, column));
    const changed = columns.some((column) => hasChanged(matrix, row, column, before));
    const marks = [
      ...(deviates ? ['deviates'] : isKnown ? ['known'] : []),
      ...(changed ? ['changed'] : []),
    ];
    const isPart = count < asked && columns.length > 1;
    const label = [
      setLookText(found),
      ...(variant > 1 ? [`answer ${variant}`] : []),
      ...(deviates ? ['deviation'] : isKnown ? ['known issue'] : []),
      ...(changed ? ['changed'] : []),
    ].join(', ');
    const absentErrno =
      columns.length === 1 && columns[0] !== undefined && look.style === 's-absent'
        ? ` ${matrix.answerAt(row, columns[0])?.get ?? ''}`
        : '';
    return (
      <div
        key={index}
        role="gridcell"
        class={['c', look.style, ...(firsts.has(set) ? ['first'] : []), ...marks].join(' ')}
        aria-label={label}
      >
        {look.sign}
        {variant > 1 && <sub>{variant}</sub>}
        {withNames && look.sign !== '' && (
          <span>
            {look.short}
            {absentErrno}
          </span>
        )}
        {isPart && withNames && (
          <small>
            {count}/{asked}
          </small>
        )}
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
