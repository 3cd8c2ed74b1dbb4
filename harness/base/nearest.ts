import { distance } from 'fastest-levenshtein';
import type { SprmatrixErrorDetails } from './error.js';
import { SprmatrixError } from './error.js';

/** `allowed` with the entries most like `value` first. */
export function nearestFirst(value: string, allowed: readonly string[]): string[] {
  const wanted = value.toLowerCase();
  const cost = (entry: string): number => {
    const name = entry.toLowerCase();
    return name.includes(wanted) || wanted.includes(name)
      ? Math.abs(name.length - wanted.length) / 100
      : distance(wanted, name);
  };
  return [...allowed].sort((a, b) => cost(a) - cost(b) || a.localeCompare(b));
}

/** A name that is not one of those that there are: `UNKNOWN_<WHAT>`, a usage error. */
export class UnknownNameError extends SprmatrixError {
  constructor(
    details: SprmatrixErrorDetails,
    /** The message without the list of the nearest names. */
    readonly summary: string,
  ) {
    super(details);
  }
}

/** How many names an error shows. */
const NAMES_SHOWN = 5;

/** Whether somebody who typed `value` most likely meant `name`: a letter or three are other ones. */
export function isLike(value: string, name: string): boolean {
  const most = Math.min(3, Math.floor(value.length / 3));
  return distance(value.toLowerCase(), name.toLowerCase()) <= most;
}

/** The usage error for a name that is not one of `allowed`: `what` is "kernel", "platform" ... */
export function unknownName(
  what: string,
  value: string,
  allowed: readonly string[],
  hint?: string,
): UnknownNameError {
  const names = nearestFirst(value, allowed);
  const shown = names.slice(0, NAMES_SHOWN);
  const [nearest] = names;
  const meant =
    nearest !== undefined && isLike(value, nearest) ? `did you mean ${nearest}?` : undefined;
  const more = names.length - shown.length;
  const list = names.length === 0 ? 'there is none' : shown.join(', ');
  const summary = `no ${what} matches "${value}"`;
  const details: SprmatrixErrorDetails = {
    code: `UNKNOWN_${what.toUpperCase().replaceAll(' ', '_')}`,
    kind: 'usage',
    message: `${summary} (nearest first: ${list}${more > 0 ? `, and ${more} more` : ''})`,
    hint: meant === undefined ? hint : [meant, ...(hint === undefined ? [] : [hint])].join(' '),
  };
  return new UnknownNameError(details, summary);
}
