import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { SUPPORTS } from '../../harness/record/cell-record.js';
import type { Filters } from '../model/filters.js';
import { GUEST_VERDICTS, isFiltered, MIGRATION_VERDICTS, NO_FILTERS } from '../model/filters.js';
import { LENS_NAMES, LENSES } from '../model/looks.js';
import { COLUMN_ORDERS } from '../model/view.js';
import { ChoiceMenu } from './choice-menu.js';
import { useReport } from './report-context.js';
import { StateChip } from './state-chip.js';

/** The filters. `shown` is what they leave, in words. */
export function Toolbar({
  shown,
  absent,
}: {
  readonly shown: string;
  /** How many rows are left out because no cell has them. */
  readonly absent: number;
}): JSX.Element {
  const { matrix, view, go } = useReport();
  const { filters, order } = view;
  const set = (change: Partial<Filters>): void => {
    go({ filters: { ...filters, ...change } });
  };
  const kernels = matrix.feed.kernels.map(({ id }) => id);
  return (
    <form
      class="toolbar"
      role="search"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <SearchField />
      <a
        class="skip"
        href="#table"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>('.rows [tabindex="0"]')?.focus();
        }}
      >
        To the table
      </a>
      <LensChoice />
      <KernelChoice
        label="Changed since"
        none="any time"
        kernels={kernels}
        chosen={filters.since}
        onChange={(since) => {
          set({ since });
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={filters.differ}
          onChange={() => {
            set({ differ: !filters.differ });
          }}
        />
        Only rows that differ
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={filters.issues}
          onChange={() => {
            set({ issues: !filters.issues });
          }}
        />
        Known issues only
      </label>
      <details class="more-filters">
        <summary>More filters</summary>
        <div>
          <ChoiceMenu
            title="Group"
            choices={[...matrix.groups.keys()].map((value) => ({ value }))}
            chosen={filters.groups}
            onChange={(groups) => {
              set({ groups });
            }}
          />
          <ChoiceMenu
            title="Platform"
            choices={matrix.feed.platforms.map(({ id, title }) => ({
              value: id,
              label: <Choice id={id} title={title} />,
            }))}
            chosen={filters.platforms}
            onChange={(platforms) => {
              set({ platforms });
            }}
          />
          <KernelChoice
            label="Kernels from"
            none="the oldest"
            kernels={kernels}
            chosen={filters.from}
            onChange={(from) => {
              set({ from });
            }}
          />
          <KernelChoice
            label="to"
            spoken="Kernels to"
            none="the newest"
            kernels={kernels}
            chosen={filters.to}
            onChange={(to) => {
              set({ to });
            }}
          />
          <ChoiceMenu
            title="Support"
            choices={SUPPORTS.map((value) => ({ value, label: <StateChip support={value} /> }))}
            chosen={filters.supports}
            onChange={(supports) => {
              set({ supports });
            }}
          />
          <ChoiceMenu
            title="Migrates"
            choices={MIGRATION_VERDICTS.map((value) => ({ value }))}
            chosen={filters.migrations}
            onChange={(migrations) => {
              set({ migrations });
            }}
          />
          <ChoiceMenu
            title="Guest"
            choices={GUEST_VERDICTS.map((value) => ({ value }))}
            chosen={filters.guests}
            onChange={(guests) => {
              set({ guests });
            }}
          />
          <label class="field">
            <span>Columns</span>
            <select
              aria-label="Columns by"
              value={order}
              onChange={({ currentTarget: { value } }) => {
                go({ order: COLUMN_ORDERS.find((name) => name === value) ?? 'folded' });
              }}
            >
              <option value="folded">kernel</option>
              <option value="kernel">cell, by kernel</option>
              <option value="platform">cell, by platform</option>
            </select>
          </label>
        </div>
      </details>
      <output class="shown">{shown}</output>
      {absent > 0 && (
        <button
          type="button"
          aria-pressed={view.absent}
          onClick={() => {
            go({ absent: !view.absent });
          }}
        >
          {view.absent ? 'Fold' : 'Show'} {absent} that no cell has
        </button>
      )}
      {isFiltered(filters) && (
        <button
          type="button"
          onClick={() => {
            go({ filters: NO_FILTERS });
          }}
        >
          Clear filters
        </button>
      )}
    </form>
  );
}

/** What the table is coloured by, as buttons of which one is down. */
function LensChoice(): JSX.Element {
  const { view, go } = useReport();
  return (
    <fieldset class="lenses">
      <legend class="unseen">Colour by</legend>
      {LENSES.map((lens) => (
        <label key={lens} class={view.lens === lens ? 'active' : ''}>
          <input
            type="radio"
            name="lens"
            class="unseen"
            checked={view.lens === lens}
            onChange={() => {
              go({ lens });
            }}
          />
          {LENS_NAMES[lens]}
        </label>
      ))}
    </fieldset>
  );
}

/** The text filter; the key / goes to it from anywhere. */
function SearchField(): JSX.Element {
  const { view, go } = useReport();
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select');
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <label class="field search">
      <span class="unseen">Registers</span>
      <input
        ref={field}
        type="search"
        placeholder="MMCR*, 318, 0x1030…  ( / )"
        title="Enter goes to the table. Names (* and ? stand for any), SPR numbers or ONE_REG ids; several with spaces"
        value={view.filters.text}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
          // Else the key would also press what it leads to.
          event.preventDefault();
          document.querySelector<HTMLElement>('.rows [tabindex="0"]')?.focus();
        }}
        onInput={({ currentTarget: { value } }) => {
          go({ filters: { ...view.filters, text: value } }, { replace: true });
        }}
      />
    </label>
  );
}

interface KernelChoiceProps {
  readonly label: string;
  /** The label where the visible one says too little. */
  readonly spoken?: string;
  readonly none: string;
  readonly kernels: readonly string[];
  readonly chosen: string | undefined;
  readonly onChange: (kernel: string | undefined) => void;
}

function KernelChoice(props: KernelChoiceProps): JSX.Element {
  const { label, spoken, none, kernels, chosen, onChange } = props;
  return (
    <label class="field">
      <span>{label}</span>
      <select
        aria-label={spoken ?? label}
        class={chosen === undefined ? '' : 'active'}
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) => {
          onChange(value === '' ? undefined : value);
        }}
      >
        <option value="">{none}</option>
        {kernels.map((id) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </label>
  );
}

function Choice({ id, title }: { readonly id: string; readonly title: string }): JSX.Element {
  return (
    <span>
      {id} <small>{title}</small>
    </span>
  );
}
