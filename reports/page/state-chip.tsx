import type { JSX } from 'preact';
import type { Support } from '../../harness/record/cell-record.js';
import { SUPPORT_STATES } from '../model/states.js';

/** A state as everywhere in the report: its colour and its sign, and its name next to them. */
export function StateChip({
  support,
  text = support,
}: {
  readonly support: Support;
  readonly text?: string;
}): JSX.Element {
  return (
    <span class="state" title={SUPPORT_STATES[support].meaning}>
      <span class={`sign s-${support}`} aria-hidden="true">
        {SUPPORT_STATES[support].sign}
      </span>
      {text}
    </span>
  );
}

/** The place of a cell that was not recorded, or of a register that was not asked. */
export function NoAnswer({ text }: { readonly text: string }): JSX.Element {
  return (
    <span class="state">
      <span class="sign s-untested" aria-hidden="true" />
      {text}
    </span>
  );
}
