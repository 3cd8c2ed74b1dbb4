/** What an element of the table stands for. */
export interface Place {
  readonly group?: string | undefined;
  readonly register?: string | undefined;
  /** Undefined on the row's own heading. */
  readonly column?: number | undefined;
}

/** The row and the column that an element of the table lies in. */
export function placeOf(target: EventTarget | null): Place | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest<HTMLElement>('.rows > [role=row]');
  const cell = target.closest('.rows > [role=row] > *');
  if (row === null || cell === null) return undefined;
  const index = [...row.children].indexOf(cell) - 1;
  const { group, register } = row.dataset;
  return { group, register, column: index < 0 ? undefined : index };
}
