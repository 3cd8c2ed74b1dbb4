import bytes from 'bytes-iec';
import { InvalidArgumentError } from 'commander';
import ms from 'ms';

/** Milliseconds of an age that was typed: "30d", "12h". Without a unit only 0 is one. */
export function parseAge(text: string): number {
  // A month is no unit of `ms`, whose "1M" is a minute.
  const unit = /^\d+(?:\.\d+)? ?[smhdwy]$/.test(text) || text === '0';
  if (!unit) throw new InvalidArgumentError(`"${text}" is no age such as 12h, 30d or 1y.`);
  return ms(text as ms.StringValue);
}

/** Bytes of a size that was typed: "500M" and "20GB" count in thousands, "20GiB" in 1024s. */
export function parseSize(text: string): number {
  const size = /^\d+(?:\.\d+)? ?[kmgt]i?b?$/i.test(text) || text === '0';
  const parsed = size ? bytes.parse(/[0b]$/i.test(text) ? text : `${text}B`) : null;
  if (parsed === null) {
    throw new InvalidArgumentError(`"${text}" is no size such as 500M, 20G or 20GiB.`);
  }
  return Math.floor(parsed);
}

/** A size for people: "3.7 GB". */
export function sizeText(size: number): string {
  if (size < 1000) return `${size} B`;
  return bytes.format(size, { decimalPlaces: 1, fixedDecimals: true, unitSeparator: ' ' }) ?? '';
}

/** How long ago that was, for people: "6h ago". */
export function ageText(time: number, now = Date.now()): string {
  const age = Math.round((now - time) / 1000) * 1000;
  return age <= 0 ? 'now' : `${ms(age)} ago`;
}
