import type { JSX } from 'preact';
import { looksOf, stateLook } from '../model/looks.js';
import type { Look } from '../model/looks.js';
import { LookChip } from './look-chip.js';
import { useReport } from './report-context.js';

/** What colours, signs and marks of the table mean. */
export function Legend(): JSX.Element {
  const { view } = useReport();
  const looks = looksOf(view.lens);
  const [example] = looks.filter(({ style }) => style === 'v-works' || style === 's-exact');
  return (
    <details class="legend">
      <summary>
        {looks.map((look) => (
          <LookChip key={look.style} look={look} />
        ))}
        <span class="more">meanings</span>
      </summary>
      <dl>
        {looks.map((look) => (
          <div key={look.style}>
            <dt>
              <LookChip look={look} />
            </dt>
            <dd>{look.meaning}</dd>
          </div>
        ))}
        {view.lens === 'one-reg' && (
          <>
            <Mark sign={stateLook('masked')} after="2" name="number">
              another answer of the same kind in this row: other bits, errno or fresh value
            </Mark>
            <Mark sign={stateLook('lost')} mark="known" name="corner">
              a known issue speaks of it
            </Mark>
          </>
        )}
        {example !== undefined && (
          <>
            <Mark sign={example} mark="changed" name="frame">
              changed since the kernel that is chosen above
            </Mark>
            <Mark sign={example} mark="deviates" name="thick frame">
              a deviation that no known issue excuses
            </Mark>
          </>
        )}
      </dl>
    </details>
  );
}

function Mark(props: {
  readonly sign: Look;
  readonly mark?: string;
  readonly after?: string;
  readonly name: string;
  readonly children: string;
}): JSX.Element {
  const { sign, mark = '', after, name, children } = props;
  return (
    <div>
      <dt>
        <span class="state">
          <span class={`sign ${sign.style} ${mark}`}>
            {sign.sign}
            {after !== undefined && <sub>{after}</sub>}
          </span>
          {name}
        </span>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
