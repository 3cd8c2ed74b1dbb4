import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { nearestBaselines } from '../model/nearest.js';
import { countOf } from '../../harness/base/count.js';
import { RegisterLinks } from './register-links.js';
import { useReport } from './report-context.js';

/** Of a report with cells of the reader's own among baselines: what they change, against the nearest baseline. */
export function Headline(): JSX.Element {
  const { matrix, addressOf } = useReport();
  const found = useMemo(() => nearestBaselines(matrix), [matrix]);
  if (matrix.feed.source !== 'both') return <></>;
  return (
    <ul class="headline" aria-label="Your cells">
      {found.map(({ own, nearest, kernel, configuration }) => (
        <li key={own.index}>
          <a href={addressOf({ name: 'cell', cell: own.name })}>{own.name}</a>{' '}
          {nearest === undefined ? (
            'has no baseline to compare with on its platform'
          ) : (
            <>
              differs from{' '}
              <a href={addressOf({ name: 'compare', a: nearest.name, b: own.name })}>
                {nearest.name}
              </a>
              , the nearest baseline, in <b>{countOf(kernel.length, 'register')}</b>
              {kernel.length > 0 && ': '}
              <RegisterLinks rows={kernel} cell={own.name} />
              {configuration.length > 0 && `; ${configuration.length} by its configuration`}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
