import type { JSX } from 'preact';
import type { KindRows } from '../model/ask.js';
import { verdictLook } from '../model/looks.js';
import { RegisterLinks } from './register-links.js';
import { VerdictChip } from './look-chip.js';

/** More registers of a kind than these are only counted in a few lines. */
const FEW = 24;

/** Registers by whose difference they show. */
export function Kinds({
  found,
  cell,
  isBrief = false,
}: {
  readonly found: readonly KindRows[];
  /** The cell that registers are opened from. */
  readonly cell?: string;
  /** In a few lines of an answer: kinds by name, and not every register. */
  readonly isBrief?: boolean;
}): JSX.Element {
  if (isBrief && found.length === 0) return <>nothing</>;
  return (
    <ul class="kinds">
      {found.map(({ kind, rows }) => (
        <li key={kind}>
          <VerdictChip
            kind={kind}
            text={isBrief ? `${rows.length} ${verdictLook(kind).name}` : `${rows.length}`}
          />{' '}
          {(!isBrief || rows.length <= FEW) && <RegisterLinks rows={rows} cell={cell} />}
        </li>
      ))}
    </ul>
  );
}
