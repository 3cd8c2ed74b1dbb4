import type { JSX } from 'preact';
import type { FeedIssue } from '../feed.generated.js';
import { NO_FILTERS } from '../model/filters.js';
import type { Column } from '../model/matrix.js';
import { countOf } from '../../harness/base/count.js';
import { listed, nameRanges, runAgainCommand } from '../model/words.js';
import { Command } from './command.js';
import { Places } from './places.js';
import { useReport } from './report-context.js';

/** A known issue in one line that opens: what, where it shows, the source, and the evidence. */
export function Finding({
  issue,
  isOpen = false,
}: {
  readonly issue: FeedIssue;
  readonly isOpen?: boolean;
}): JSX.Element {
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
    <details class="finding" open={isOpen}>
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
              <Command text={runAgainCommand([first.column], first.here[0]?.register.name)} />
            </dd>
          </>
        )}
      </dl>
      {rows.length > 0 && (
        <button
          type="button"
          onClick={() => {
            go({
              page: { name: 'table' },
              filters: { ...NO_FILTERS, issues: true, text: issue.registers.join(' ') },
            });
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
