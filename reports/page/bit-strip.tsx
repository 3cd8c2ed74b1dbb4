import type { JSX } from 'preact';
import type { BitState } from '../../harness/record/bit-strip.js';
import { BIT_STATE_NAMES, bitsText } from '../../harness/record/bit-strip.js';
import type { RegisterField } from '../../harness/record/register-fields.js';
import { fieldsByState, bitFieldText } from '../../harness/record/register-fields.js';

/** What stands in a bit's box, so that it is legible without colours. */
const BIT_SIGNS: Readonly<Record<BitState, string>> = {
  writable: '',
  'stuck-0': '0',
  'stuck-1': '1',
  fixed: '?',
  refused: '×',
};

interface BitStripProps {
  readonly states: readonly BitState[];
  readonly fields?: readonly RegisterField[] | undefined;
}

/** The bits of a register as a strip of boxes, the most significant first, in bytes. */
export function BitStrip({ states, fields = [] }: BitStripProps): JSX.Element {
  const top = states.length - 1;
  const nameOf = (bit: number): string => {
    const field = fields.find(({ high, low }) => bit <= high && bit >= low);
    return field === undefined ? '' : `${field.name}, `;
  };
  return (
    <span class="bits" role="img" aria-label={bitsText(states)}>
      {Array.from({ length: states.length / 8 }, (_, byte) => (
        <span key={byte} class="byte">
          {states.slice(byte * 8, byte * 8 + 8).map((state, index) => {
            const bit = top - byte * 8 - index;
            return (
              <span
                key={bit}
                class={`bit b-${state}`}
                title={`${nameOf(bit)}bit ${bit} (${top - bit} from the left): ${BIT_STATE_NAMES[state]}`}
              >
                {BIT_SIGNS[state]}
              </span>
            );
          })}
        </span>
      ))}
    </span>
  );
}

/** What the fields do, in words: "writable: ILE 25, LD 17; stuck at 1: HR 20". */
export function FieldLine({ states, fields = [] }: BitStripProps): JSX.Element | null {
  if (fields.length === 0) return null;
  const groups = [...fieldsByState(fields, states)].map(
    ([state, those]) => `${state}: ${those.map(bitFieldText).join(', ')}`,
  );
  return <p class="strip-fields">{groups.join('; ')}</p>;
}

/** The numbers of each byte's leftmost bit, over strips of that many bits. */
export function BitRuler({ size }: { readonly size: number }): JSX.Element {
  return (
    <span class="bits ruler" aria-hidden="true">
      {Array.from({ length: size / 8 }, (_, byte) => (
        <span key={byte} class="byte">
          {size - 1 - byte * 8}
        </span>
      ))}
    </span>
  );
}

/** What the boxes mean. */
export function BitLegend(): JSX.Element {
  return (
    <p class="bit-legend">
      {(Object.keys(BIT_SIGNS) as BitState[]).map((state) => (
        <span key={state} class="state">
          <span class={`bit b-${state}`} aria-hidden="true">
            {BIT_SIGNS[state]}
          </span>
          {BIT_STATE_NAMES[state]}
        </span>
      ))}
    </p>
  );
}
