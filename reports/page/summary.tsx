import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { FeedDeviation, FeedIssue } from '../feed.generated.js';
import { NO_FILTERS } from '../model/filters.js';
import type { Column, Matrix } from '../model/matrix.js';
import { exactEverywhere } from '../model/matrix.js';
import type { Page } from '../model/view.js';
import { countOf, listed, nameRanges, runCommand } from '../model/words.js';
import { Command } from './command.js';
import { Places } from './places.js';
import { useReport } from './report-context.js';

/** What the report is about in numbers, and what was found. */
export function Summary(): JSX.Element {
  const { matrix } = useReport();
  const { feed } = matrix;
  const facts = useMemo(() => numbersOf(matrix), [matrix]);
  const shown = feed.issues.filter(({ evidence }) => evidence.length > 0);
  const ofKernel = shown.filter(({ cause }) => cause === 'kernel');
  const others = shown.filter(({ cause }) => cause !== 'kernel');
  return (
    <section class="summary" aria-labelledby="summary-title">
      <h1 id="summary-title">What each KVM ONE_REG register does on each ppc64 kernel</h1>
      <dl class="numbers">
        {facts.map(({ number, what, detail }) => (
          <div key={what}>
            <dt>
              {what} {detail !== '' && <small>({detail})</small>}
            </dt>
            <dd>{number}</dd>
          </div>
        ))}
      </dl>
      <h2>Findings</h2>
      {feed.deviations.length > 0 && <Deviations />}
      {shown.length === 0 ? (
        <p>No known issue shows in these cells.</p>
      ) : (
        <FindingList label="Known issues" issues={ofKernel} />
      )}
      {others.length > 0 && (
        <details class="other-causes">
          <summary>
            {countOf(others.length, 'difference')} whose cause is no bug of the kernel, but its
            design, its configuration or the emulator
          </summary>
          <FindingList label="Known issues with other causes" issues={others} />
        </details>
      )}
    </section>
  );
}

function FindingList({
  label,
  issues,
}: {
  readonly label: string;
  readonly issues: readonly FeedIssue[];
}): JSX.Element {
  return (
    <ul class="findings" aria-label={label}>
      {issues.map((issue) => (
        <li key={issue.id}>
          <Finding issue={issue} />
        </li>
      ))}
    </ul>
  );
}

interface Fact {
  readonly number: number;
  readonly what: string;
  readonly detail: string;
}

function numbersOf(matrix: Matrix): Fact[] {
  const { kernels, platforms, cells, deviations } = matrix.feed;
  const versions = kernels.flatMap(({ line }) => line ?? []);
  const [oldest = '', newest = ''] = [versions[0], versions.at(-1)];
  return [
    {
      number: kernels.length,
      what: 'kernels',
      detail: oldest === newest ? oldest : `${oldest} to ${newest}`,
    },
    { number: platforms.length, what: 'platforms', detail: '' },
    { number: cells.length, what: 'cells', detail: 'a kernel on a platform' },
    { number: matrix.rows.length, what: 'registers', detail: '' },
    {
      number: exactEverywhere(matrix).length,
      what: 'exact everywhere',
      detail: 'wherever they were asked',
    },
    { number: deviations.length, what: 'deviations', detail: 'that no known issue excuses' },
  ];
}

/** A known issue in one line that opens: what, where it shows, the source, and the evidence. */
function Finding({ issue }: { readonly issue: FeedIssue }): JSX.Element {
  const { matrix, addressOf, go } = useReport();
  const evidence = issue.evidence.flatMap(({ cell, registers, difference }) => {
    const column = matrix.columns[cell];
    const here = registers.flatMap((index) => matrix.rows[index] ?? []);
    return column === undefined ? [] : [{ column, here, difference }];
  });
  const found = new Set(evidence.flatMap(({ here }) => here));
  const rows = matrix.rows.filter((row) => found.has(row));
  const kernels = [...new Set(evidence.map(({ column }) => column.kernel.id))];
  const [first] = evidence;
  return (
    <details class="finding">
      <summary>
        <code class="finding-id">{issue.id}</code> <span class="finding-what">{issue.what}</span>{' '}
        <span class="finding-where">
          {issue.checks === undefined
            ? countOf(rows.length, 'register')
            : `hostile ${issue.checks.join(', ')}`}
          , {countOf(evidence.length, 'cell')}: {listed(kernels)}
        </span>
      </summary>
      <dl class="facts">
        <dt>what</dt>
        <dd>{issue.what}</dd>
        <dt>rule broken</dt>
        <dd>{issue.rule}</dd>
        <dt>source</dt>
        <dd>{issue.source}</dd>
        <dt>fixed by</dt>
        <dd>{issue.fix === undefined ? 'no commit on record' : <code>{issue.fix}</code>}</dd>
        <dt>{issue.checks === undefined ? 'registers' : 'hostile checks'}</dt>
        <dd>
          {issue.checks?.join(', ')}
          {nameRanges(rows).map(({ label, first }) => (
            <a
              key={label}
              class="name"
              href={addressOf({ name: 'register', register: first.register.name })}
            >
              {label}
            </a>
          ))}
        </dd>
        <dt>evidence</dt>
        <dd>
          {[...evidenceByText(evidence)].map(([text, columns]) => (
            <div key={text}>
              {text}
              <Places columns={columns} />
            </div>
          ))}
        </dd>
        {first !== undefined && (
          <>
            <dt>again</dt>
            <dd>
              <Command text={runCommand([first.column], first.here[0]?.register.name)} />
            </dd>
          </>
        )}
      </dl>
      {rows.length > 0 && (
        <button
          type="button"
          onClick={() => {
            go({ filters: { ...NO_FILTERS, issues: true, text: issue.registers.join(' ') } });
          }}
        >
          Show {countOf(rows.length, 'register')} in the table
        </button>
      )}
    </details>
  );
}

/** The cells that show an issue, by what was expected and what came there. */
function evidenceByText(
  evidence: readonly { readonly column: Column; readonly difference: string }[],
): Map<string, Column[]> {
  const byText = new Map<string, Column[]>();
  for (const { column, difference } of evidence) {
    byText.set(difference, [...(byText.get(difference) ?? []), column]);
  }
  return byText;
}

const SHOWN_DEVIATIONS = 20;

function registerOf({ rows }: Matrix, { register }: FeedDeviation): string {
  return rows[register ?? -1]?.register.name ?? '';
}

/** The page of the register in the cell, or of the cell, whose page has its hostile checks. */
function pageOf(matrix: Matrix, found: FeedDeviation): Page {
  const cell = matrix.columns[found.cell]?.name;
  return found.register === null
    ? { name: 'cell', cell: cell ?? '' }
    : { name: 'register', register: registerOf(matrix, found), cell };
}

function Deviations(): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { deviations } = matrix.feed;
  return (
    <ul class="deviations" aria-label="Deviations">
      {deviations.slice(0, SHOWN_DEVIATIONS).map((found) => (
        <li key={`${found.cell} ${found.check ?? registerOf(matrix, found)} ${found.rule}`}>
          <a class="name" href={addressOf(pageOf(matrix, found))}>
            {found.check ?? registerOf(matrix, found)}
          </a>{' '}
          {found.message}
        </li>
      ))}
      {deviations.length > SHOWN_DEVIATIONS && (
        <li>
          and {deviations.length - SHOWN_DEVIATIONS} more: “Known issues only” shows them all in the
          table
        </li>
      )}
    </ul>
  );
}
