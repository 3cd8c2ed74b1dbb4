import type { JSX } from 'preact';
import { SUPPORTS } from '../../harness/record/cell-record.js';
import { STATES } from '../model/states.js';
import { StateChip } from './state-chip.js';

/** What colours, signs and marks of the table mean. */
export function Legend(): JSX.Element {
  return (
    <details class="legend">
      <summary>
        {SUPPORTS.map((support) => (
          <StateChip key={support} support={support} />
        ))}
        <span class="more">meanings</span>
      </summary>
      <dl>
        {SUPPORTS.map((support) => (
          <div key={support}>
            <dt>
              <StateChip support={support} />
            </dt>
            <dd>{STATES[support].meaning}</dd>
          </div>
        ))}
        <div>
          <dt>
            <span class="state">
              <span class="sign s-masked">
                M<sub>2</sub>
              </span>
              number
            </span>
          </dt>
          <dd>another answer of the same kind in this row: other bits, errno or fresh value</dd>
        </div>
        <div>
          <dt>
            <span class="state">
              <span class="sign s-lost known">L</span>corner
            </span>
          </dt>
          <dd>a known issue speaks of it</dd>
        </div>
        <div>
          <dt>
            <span class="state">
              <span class="sign s-exact changed">E</span>frame
            </span>
          </dt>
          <dd>changed since the kernel that is chosen above</dd>
        </div>
        <div>
          <dt>
            <span class="state">
              <span class="sign s-exact deviates">E</span>thick frame
            </span>
          </dt>
          <dd>a deviation that no known issue excuses</dd>
        </div>
      </dl>
    </details>
  );
}
