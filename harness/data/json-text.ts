import { SprmatrixError } from '../base/error.js';

/** Where a JSON text stops being JSON. Lines and columns count from 1. */
export interface JsonFault {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** `"x"`, or `the end of the text`. */
  readonly found: string;
}

/**
 * `JSON.parse`, whose messages name a position only sometimes, with an error that always does.
 * Errors: `code`, naming `path`, line and column.
 */
export function parseJson(text: string, path: string, code: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const fault = findJsonFault(text);
    if (fault === undefined) throw error;
    const isCut = fault.offset === text.length;
    const problem = isCut ? 'the text ends too early' : `${fault.found} does not belong here`;
    throw new SprmatrixError({
      code,
      message: `${path}:${fault.line}:${fault.column}: not JSON: ${problem}`,
      hint: isCut
        ? 'the file was cut short; make it again'
        : 'repair the file by hand, or make it again',
      cause: error,
    });
  }
}

/** The first place in `text` that no JSON text could have, or undefined when it is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const offset = faultOffset(text);
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset);
  const found = text.codePointAt(offset);
  return {
    offset,
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
    found:
      found === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(found)),
  };
}

/** What may come next. A closing bracket may come after a value and where a first thing is due. */
type Expectation = 'value' | 'first item' | 'key' | 'first key' | 'colon' | 'after value';

function faultOffset(text: string): number | undefined {
  const open: ('[' | '{')[] = [];
  let expected: Expectation = 'value';
  for (let at = skipBlanks(text, 0); ; at = skipBlanks(text, at)) {
    const next = text[at];
    const container = open.at(-1);
    if (next === undefined) {
      return expected === 'after value' && container === undefined ? undefined : at;
    }
    if (isCloser(next, container) && (expected.startsWith('first') || expected === 'after value')) {
      open.pop();
      expected = 'after value';
      at += 1;
    } else if (expected === 'after value') {
      if (next !== ',' || container === undefined) return at;
      expected = container === '[' ? 'value' : 'key';
      at += 1;
    } else if (expected === 'colon') {
      if (next !== ':') return at;
      expected = 'value';
      at += 1;
    } else if (expected === 'key' || expected === 'first key') {
      const key = next === '"' ? stringEnd(text, at) : { at, isWhole: false };
      if (!key.isWhole) return key.at;
      expected = 'colon';
      at = key.at;
    } else if (next === '[' || next === '{') {
      open.push(next);
      expected = next === '[' ? 'first item' : 'first key';
      at += 1;
    } else {
      const scalar = scalarEnd(text, at);
      if (!scalar.isWhole) return scalar.at;
      expected = 'after value';
      at = scalar.at;
    }
  }
}

function isCloser(character: string, container: '[' | '{' | undefined): boolean {
  return (container === '[' && character === ']') || (container === '{' && character === '}');
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (' \n\r\t'.includes(text[at] ?? 'end')) at += 1;
  return at;
}

/** Where a token ends; or, when it is not whole, the place that breaks it. */
interface TokenEnd {
  readonly at: number;
  readonly isWhole: boolean;
}

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function scalarEnd(text: string, start: number): TokenEnd {
  if (text[start] === '"') return stringEnd(text, start);
  SCALAR.lastIndex = start;
  const found = SCALAR.exec(text)?.[0];
  if (found !== undefined) return { at: start + found.length, isWhole: true };
  // A token that the end cut off breaks there; anything else breaks where it begins.
  const rest = text.slice(start);
  const isCut = rest === '-' || ['true', 'false', 'null'].some((word) => word.startsWith(rest));
  return { at: isCut ? text.length : start, isWhole: false };
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function stringEnd(text: string, start: number): TokenEnd {
  let at = start + 1;
  for (;;) {
    const next = text[at];
    if (next === '"') return { at: at + 1, isWhole: true };
    if (next === undefined || next < ' ') return { at, isWhole: false };
    if (next === '\\') {
      ESCAPE.lastIndex = at;
      const escape = ESCAPE.exec(text)?.[0];
      if (escape === undefined) return { at, isWhole: false };
      at += escape.length;
    } else {
      at += 1;
    }
  }
}
