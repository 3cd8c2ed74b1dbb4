import type { JSX } from 'preact';
import type { ColumnBand, ColumnSet } from '../model/column-sets.js';
import { useReport } from './report-context.js';

interface TableHeadProps {
  readonly bands: readonly ColumnBand[];
  readonly withNames: boolean;
  /** How many rows there are, for who has scrolled the filters away. */
  readonly shown: string;
  /** Folds or unfolds a kernel. */
  readonly onFold: (kernel: string) => void;
}

/** About how wide a character of a heading is, in columns that show signs alone. */
const CHARACTER_WIDTH = 0.26;

/** Two rows of headings that stay at the top: lines and kernels, kernels and platforms, or the other way round. */
export function TableHead({ bands, withNames, shown, onFold }: TableHeadProps): JSX.Element {
  const { view } = useReport();
  const isUpright = ({ title, sets }: ColumnBand): boolean =>
    !withNames && title.length * CHARACTER_WIDTH > sets.length - 0.2;
  const corner = { folded: 'Line', kernel: 'Kernel', platform: 'Platform' }[view.order];
  return (
    <div role="rowgroup" class="head">
      <div role="row" class="bands">
        <div role="columnheader" class="corner">
          <span class="unseen">{corner}</span>
        </div>
        {bands.map((band) => (
          <div
            key={band.key}
            role="columnheader"
            class={isUpright(band) ? 'band upright' : 'band'}
            aria-colspan={band.sets.length}
            title={band.detail}
            style={{ '--span': `${band.sets.length}` }}
          >
            {band.unfolded === undefined ? (
              <span class="band-title">{band.title}</span>
            ) : (
              <FoldButton kernel={band.unfolded} isOpen onFold={onFold} />
            )}
          </div>
        ))}
      </div>
      <div role="row" class="columns">
        <div role="columnheader" class="corner shown-rows">
          {shown}
        </div>
        {bands.flatMap(({ sets }) =>
          sets.map((set, index) => (
            <div
              key={set.key}
              role="columnheader"
              class={[
                'column',
                ...(index === 0 ? ['first'] : []),
                ...(set.isOwn ? ['own'] : []),
              ].join(' ')}
            >
              {set.isOwn && <span class="unseen">yours: </span>}
              {set.folds === undefined ? (
                <Heading set={set} />
              ) : (
                <FoldButton kernel={set.folds} isOpen={false} onFold={onFold} />
              )}
            </div>
          )),
        )}
      </div>
    </div>
  );
}

function FoldButton(props: {
  readonly kernel: string;
  readonly isOpen: boolean;
  readonly onFold: (kernel: string) => void;
}): JSX.Element {
  const { kernel, isOpen, onFold } = props;
  return (
    <button
      type="button"
      class="fold-kernel"
      tabIndex={-1}
      aria-expanded={isOpen}
      title={
        isOpen ? `${kernel}: one column for all platforms` : `${kernel}: a column for each platform`
      }
      onClick={() => {
        onFold(kernel);
      }}
    >
      <span class="fold" aria-hidden="true" />
      <span class="band-title">{kernel}</span>
    </button>
  );
}

/** The heading of a single cell leads to what it ran on. */
function Heading({ set }: { readonly set: ColumnSet }): JSX.Element {
  const { addressOf } = useReport();
  const [column] = set.columns;
  if (column === undefined) return <>{set.title}</>;
  return (
    <a tabIndex={-1} href={addressOf({ name: 'cell', cell: column.name })} title={set.detail}>
      {set.title}
    </a>
  );
}
