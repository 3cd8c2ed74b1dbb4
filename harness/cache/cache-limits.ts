import { InvalidArgumentError } from 'commander';
import ms from 'ms';

/** Milliseconds of an age that was typed: "30d", "12h". Without a unit only 0 is one. */
export function parseAge(text: string): number {
  // A month is no unit of `ms`, whose "1M" is a minute.
  const unit = /^\d+(?:\.\d+)? ?[smhdwy]$/.test(text) || text === '0';
  if (!unit) throw new InvalidArgumentError(`"${text}" is no age such as 12h, 30d or 1y.`);
  return ms(text as ms.StringValue);
}

/** A unit's letter stands at its power of 1000 or 1024. */
const POWERS = ['', 'k', 'm', 'g', 't'];

/** Bytes of a size that was typed: "500M" and "20GB" count in thousands, "20GiB" in 1024s. */
export function parseSize(text: string): number {
  const [, number, letter = '', binary] = /^(\d+(?:\.\d+)?) ?([kmgt])(i)?b?$/i.exec(text) ?? [];
  if (number === undefined && text !== '0') {
    throw new InvalidArgumentError(`"${text}" is no size such as 500M, 20G or 20GiB.`);
  }
  const unit = (binary === undefined ? 1000 : 1024) ** POWERS.indexOf(letter.toLowerCase());
  return Math.floor(Number(number ?? 0) * unit);
}

/** A size for people, in thousands: "3.7 GB". */
export function sizeText(size: number): string {
  if (size < 1000) return `${size} B`;
  const power = Math.min(Math.floor(Math.log10(size) / 3), POWERS.length - 1);
  return `${(size / 1000 ** power).toFixed(1)} ${['', 'kB', 'MB', 'GB', 'TB'][power] ?? ''}`;
}

/** How long ago that was, for people: "6h ago". */
export function ageText(time: number, now = Date.now()): string {
  const age = Math.round((now - time) / 1000) * 1000;
  return age <= 0 ? 'now' : `${ms(age)} ago`;
}
