import picomatch from 'picomatch';
import semver from 'semver';
import type { SemVer } from 'semver';
import { SprmatrixError } from './error.js';
import { unknownName } from './nearest.js';

/**
 * The words of selectors that were typed for `what` ("kernel", "platform" ...): each may be
 * repeated and hold commas. One without a word (`--kernel=$UNSET`) is the usage error
 * `SELECTOR_EMPTY`: it must not mean everything, nor nothing.
 */
export function splitSelectors(what: string, selectors: readonly string[]): string[] {
  return selectors.flatMap((selector) => {
    const words = selector
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '');
    if (words.length > 0) return words;
    throw new SprmatrixError({
      code: 'SELECTOR_EMPTY',
      kind: 'usage',
      message: `--${what}="${selector}" names no ${what}`,
      hint: `leave out --${what} to have the default`,
    });
  });
}

/**
 * The entries of `all`, in its order, whose name any of `selectors` is: a name or a glob, in any
 * case. One that matches nothing is the usage error `UNKNOWN_<WHAT>`, which names `others` too.
 */
export function selectByName<T>(
  what: string,
  selectors: readonly string[],
  all: readonly T[],
  nameOf: (entry: T) => string,
  others: readonly string[] = [],
): T[] {
  const names = all.map(nameOf);
  const matchers = splitSelectors(what, selectors).map((word) => {
    const isMatch = picomatch(word, { nocase: true });
    if (!names.some((name) => isMatch(name))) {
      throw unknownName(what, word, [...names, ...others]);
    }
    return isMatch;
  });
  return all.filter((entry) => matchers.some((isMatch) => isMatch(nameOf(entry))));
}

const PLAIN_NAME = /^\w[\w.-]*$/;
const globs = new Map<string, (name: string) => boolean>();

/** Whether a selector of a data file means a name: the name itself, or a glob. */
export function isNameSelected(selector: string, name: string): boolean {
  if (selector === name) return true;
  // Most are plain names: an expression for each of them takes longer than all else that is done with a data file.
  if (PLAIN_NAME.test(selector)) return false;
  const known = globs.get(selector) ?? picomatch(selector);
  globs.set(selector, known);
  return known(name);
}

/**
 * Whether a selector of a data file means a kernel: by id, by a glob of ids, or by a semver range of its
 * version ("6.1" is the line 6.1). A kernel whose version is not known is in no range.
 */
export function isKernelSelected(
  selector: string,
  { id, version }: { readonly id: string; readonly version: string | SemVer | undefined },
): boolean {
  if (isNameSelected(selector, id)) return true;
  const parsed = semver.coerce(version);
  return parsed !== null && semver.satisfies(parsed, selector);
}
