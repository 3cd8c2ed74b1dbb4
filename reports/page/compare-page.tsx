import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { diffFacts } from '../../harness/record/diff-records.js';
import type { FeedAnswer } from '../feed.generated.js';
import type { Difference } from '../model/comparison.js';
import { cellFacts, clusterDifferences, compareColumns, KIND_TITLES } from '../model/comparison.js';
import { isFiltered, visibleRows } from '../model/filters.js';
import { columnsByKernel } from '../model/history.js';
import type { Column } from '../model/matrix.js';
import { columnNamed } from '../model/matrix.js';
import { countOf } from '../../harness/base/count.js';
import { nameRanges, runAgainCommand, shortAnswer } from '../model/words.js';
import { Command } from './command.js';
import { useReport } from './report-context.js';
import { NoAnswer, StateChip } from './state-chip.js';

interface ComparePageProps {
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** Two columns side by side: only what differs, in words. */
export function ComparePage(props: ComparePageProps): JSX.Element {
  const { matrix, go } = useReport();
  const a = columnNamed(matrix, props.a) ?? matrix.columns[0];
  const b = columnNamed(matrix, props.b) ?? newestPartner(matrix.columns, a);
  if (a === undefined || b === undefined) return <p class="page">There is no cell to compare.</p>;
  const show = (left: Column, right: Column): void => {
    go({ page: { name: 'compare', a: left.name, b: right.name } });
  };
  return (
    <article class="page" aria-labelledby="compare-title">
      <h1 id="compare-title">Compare</h1>
      <form class="compare-choice">
        <ColumnChoice
          label="From"
          chosen={a}
          onChange={(column) => {
            show(column, b);
          }}
        />
        <button
          type="button"
          onClick={() => {
            show(b, a);
          }}
        >
          Swap
        </button>
        <ColumnChoice
          label="to"
          chosen={b}
          onChange={(column) => {
            show(a, column);
          }}
        />
      </form>
      <Comparison a={a} b={b} />
    </article>
  );
}

function Comparison({ a, b }: { a: Column; b: Column }): JSX.Element {
  const { matrix, view } = useReport();
  const { filters } = view;
  // The filters on rows count here too; those on columns do not: the two are chosen.
  const rows = useMemo(() => visibleRows(matrix, [a, b], filters), [matrix, a, b, filters]);
  const differences = useMemo(() => compareColumns(matrix, rows, a, b), [matrix, rows, a, b]);
  const facts = diffFacts(cellFacts(a), cellFacts(b));
  const kinds = [...new Set(differences.map(({ kind }) => kind))];
  return (
    <>
      <p class="lead" role="status">
        {differences.length === 0 ? 'No difference' : countOf(differences.length, 'difference')} in{' '}
        {countOf(rows.length, 'register')}
        {isFiltered(filters) && <> (the table’s filters leave these)</>}.
      </p>
      {differences.length > 0 && <Command text={runAgainCommand([a, b])} />}
      {kinds.map((kind) => {
        const found = differences.filter((difference) => difference.kind === kind);
        return (
          <section key={kind} aria-label={KIND_TITLES[kind]}>
            <h2>
              {KIND_TITLES[kind]} <small>{found.length}</small>
            </h2>
            <Differences {...{ found, a, b }} />
          </section>
        );
      })}
      <h2>What they ran on</h2>
      {facts.length === 0 ? (
        <p>No difference.</p>
      ) : (
        <table class="comparison">
          <thead>
            <tr>
              <th scope="col">fact</th>
              <th scope="col">{a.name}</th>
              <th scope="col">{b.name}</th>
            </tr>
          </thead>
          <tbody>
            {facts.map((found) => (
              <tr key={found.fact}>
                <th scope="row">{found.fact}</th>
                <td>{found.a}</td>
                <td>{found.b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Differences(props: { found: readonly Difference[]; a: Column; b: Column }): JSX.Element {
  const { found, a, b } = props;
  const { addressOf } = useReport();
  return (
    <table class="comparison">
      <thead>
        <tr>
          <th scope="col">registers</th>
          <th scope="col">{a.name}</th>
          <th scope="col">{b.name}</th>
          <th scope="col">in words, and the command that shows both</th>
        </tr>
      </thead>
      <tbody>
        {clusterDifferences(found).map(({ sentence, found: alike }) => (
          <tr key={sentence}>
            <th scope="row">
              {nameRanges(alike.map(({ row }) => row)).map(({ label, first: { register } }) => (
                <a
                  key={label}
                  class="name"
                  href={addressOf({ name: 'register', register: register.name, cell: b.name })}
                >
                  {label}
                </a>
              ))}
              {alike.length > 1 && <small>{alike.length} registers</small>}
            </th>
            <td>
              <Side answer={alike[0].a} />
            </td>
            <td>
              <Side answer={alike[0].b} />
            </td>
            <td>
              <p>{sentence}</p>
              <Command text={runAgainCommand([a, b], alike[0].row.register.name)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Side({ answer }: { answer: FeedAnswer | undefined }): JSX.Element {
  return answer === undefined ? (
    <NoAnswer text="not recorded" />
  ) : (
    <StateChip support={answer.support} text={shortAnswer(answer)} />
  );
}

interface ColumnChoiceProps {
  readonly label: string;
  readonly chosen: Column;
  readonly onChange: (column: Column) => void;
}

function ColumnChoice({ label, chosen, onChange }: ColumnChoiceProps): JSX.Element {
  const { matrix } = useReport();
  return (
    <label class="field">
      <span>{label}</span>
      <select
        aria-label={label}
        value={chosen.name}
        onChange={({ currentTarget: { value } }) => {
          const column = columnNamed(matrix, value);
          if (column !== undefined) onChange(column);
        }}
      >
        {[...columnsByKernel(matrix.columns)].map(([kernel, columns]) => (
          <optgroup key={kernel.id} label={kernel.id}>
            {columns.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** The newest kernel's column of the same platform; any other when there is none. */
function newestPartner(columns: readonly Column[], column: Column | undefined): Column | undefined {
  const others = columns.filter((other) => other !== column);
  return others.findLast((other) => other.platform === column?.platform) ?? others.at(-1) ?? column;
}
