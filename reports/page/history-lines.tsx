import type { JSX } from 'preact';
import { historyOf } from '../model/history.js';
import { variantsOf } from '../model/layout.js';
import type { Column, Row } from '../model/matrix.js';
import { SUPPORT_STATES } from '../model/states.js';
import { shortAnswer } from '../model/words.js';
import { useReport } from './report-context.js';

interface HistoryLinesProps {
  readonly row: Row;
  /** The cell that is looked at. */
  readonly chosen: Column | undefined;
}

/** A time line for each platform: kernels that answer the same are one bar. */
export function HistoryLines({ row, chosen }: HistoryLinesProps): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { kernels, lines } = historyOf(matrix, row);
  const variants = variantsOf(matrix, row, matrix.columns);
  return (
    <div
      class="history-scroll"
      tabIndex={0}
      role="group"
      aria-label="Answers by platform and kernel"
    >
      <table class="history">
        <thead>
          <tr>
            <th scope="col">platform</th>
            {kernels.map(({ id }) => (
              <th key={id} scope="col">
                {id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ platform, spans }) => (
            <tr key={platform.id}>
              <th scope="row" title={platform.title}>
                {platform.id}
              </th>
              {spans.map(({ from, to, columns, answer }) => {
                const last = columns.at(-1);
                const variant = last === undefined ? 1 : (variants.get(last.index) ?? 1);
                const isChosen = chosen !== undefined && columns.includes(chosen);
                return (
                  <td key={from} colSpan={to - from + 1} class={isChosen ? 'is-chosen' : ''}>
                    {answer === undefined || last === undefined ? (
                      <span class="gap">{columns.length === 0 ? 'not recorded' : 'not asked'}</span>
                    ) : (
                      <a
                        class={`span s-${answer.support}`}
                        href={addressOf({
                          name: 'register',
                          register: row.register.name,
                          cell: last.name,
                        })}
                      >
                        <span aria-hidden="true">{SUPPORT_STATES[answer.support].sign}</span>{' '}
                        {shortAnswer(answer)}
                        {variant > 1 && <sub>{variant}</sub>}
                      </a>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
