import type { JSX } from 'preact';
import type { Row } from '../model/matrix.js';
import { nameRanges } from '../model/words.js';
import { useReport } from './report-context.js';

/** Registers as links, runs of numbered ones as one. */
export function RegisterLinks({
  rows,
  cell,
}: {
  readonly rows: readonly Row[];
  /** The cell that they are opened from. */
  readonly cell?: string | undefined;
}): JSX.Element {
  const { addressOf } = useReport();
  return (
    <span class="names">
      {nameRanges(rows).map(({ label, first }) => (
        <a
          key={label}
          class="name"
          href={addressOf({ name: 'register', register: first.register.name, cell })}
        >
          {label}
        </a>
      ))}
    </span>
  );
}
