import type { JSX } from 'preact';
import type { VerdictKind } from '../../harness/judge/verdict/verdict-kinds.js';
import type { Look } from '../model/looks.js';
import { verdictLook } from '../model/looks.js';

/** A look as everywhere in the report: its colour and its sign, and its name after them. */
export function LookChip({
  look,
  text = look.name,
}: {
  readonly look: Look;
  readonly text?: string;
}): JSX.Element {
  return (
    <span class="state" title={look.meaning}>
      <span class={`sign ${look.style}`} aria-hidden="true">
        {look.sign}
      </span>
      {text}
    </span>
  );
}

/** The look of a verdict. */
export function VerdictChip({
  kind,
  text,
}: {
  readonly kind: VerdictKind;
  readonly text?: string;
}): JSX.Element {
  const look = verdictLook(kind);
  return <LookChip look={look} text={text ?? look.name} />;
}
