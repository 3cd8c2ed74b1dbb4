/** How far a figure may go. */
export interface Aim {
  readonly is: 'at most' | 'below' | 'at least';
  readonly value: number;
}

/** What values are in: `ratio` is a plain number, `times` one that says how much slower something is. */
export type Unit = 'ms' | 's' | 'MB' | 'us' | 'ratio' | 'times';

/** Something measured, and whether it is what it shall be. */
export interface Figure {
  /** What it is, of which cell. */
  readonly name: string;
  /** Undefined for what is only shown. */
  readonly aim: Aim | undefined;
  readonly value: number;
  readonly unit: Unit;
  /** Undefined without an aim. */
  readonly met: boolean | undefined;
  /** What the value is made of: medians, single runs, where the time goes. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A figure of `value`, judged by its aim. */
export function judged(figure: Omit<Figure, 'met'>): Figure {
  return { ...figure, met: figure.aim === undefined ? undefined : isMet(figure.aim, figure.value) };
}

function isMet({ is, value: limit }: Aim, value: number): boolean {
  switch (is) {
    case 'at most':
      return value <= limit;
    case 'below':
      return value < limit;
    case 'at least':
      return value >= limit;
  }
}

/** By how much of the aim a figure misses it, as a fraction; undefined when it does not. */
export function missedBy({ aim, value, met }: Figure): number | undefined {
  if (aim === undefined || met !== false) return undefined;
  return Math.abs(value - aim.value) / aim.value;
}
