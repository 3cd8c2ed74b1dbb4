import type { JSX } from 'preact';
import type { ColumnBand } from '../model/layout.js';
import { columnTitle } from '../model/layout.js';
import { useReport } from './report-context.js';

interface TableHeadProps {
  readonly bands: readonly ColumnBand[];
  readonly withNames: boolean;
  /** How many rows there are, for who has scrolled the filters away. */
  readonly shown: string;
}

/** About how wide a character of a heading is, in columns that show signs alone. */
const CHARACTER_WIDTH = 0.26;

/** Two rows of headings that stay at the top: kernels and platforms, or the other way round. */
export function TableHead({ bands, withNames, shown }: TableHeadProps): JSX.Element {
  const { view, addressOf } = useReport();
  const isUpright = ({ title, columns }: ColumnBand): boolean =>
    !withNames && title.length * CHARACTER_WIDTH > columns.length - 0.2;
  const hasRoom = ({ title, detail, columns }: ColumnBand): boolean =>
    (title.length + detail.length + 2) * CHARACTER_WIDTH < columns.length * (withNames ? 4 : 1);
  return (
    <div role="rowgroup" class="head">
      <div role="row" class="bands">
        <div role="columnheader" class="corner">
          <span class="unseen">{view.order === 'kernel' ? 'Kernel' : 'Platform'}</span>
        </div>
        {bands.map((band) => (
          <div
            key={band.title}
            role="columnheader"
            class={isUpright(band) ? 'band upright' : 'band'}
            aria-colspan={band.columns.length}
            title={band.detail}
            style={{ '--span': `${band.columns.length}` }}
          >
            <span class="band-title">
              {band.title}
              {hasRoom(band) && <small>{band.detail}</small>}
            </span>
          </div>
        ))}
      </div>
      <div role="row" class="columns">
        <div role="columnheader" class="corner shown-rows">
          {shown}
        </div>
        {bands.flatMap(({ columns }) =>
          columns.map((column, index) => (
            <div
              key={column.name}
              role="columnheader"
              class={index === 0 ? 'column first' : 'column'}
            >
              <a
                tabIndex={-1}
                href={addressOf({ name: 'cell', cell: column.name })}
                title={`${column.name}: what it ran on`}
              >
                {columnTitle(column, view.order)}
              </a>
            </div>
          )),
        )}
      </div>
    </div>
  );
}
