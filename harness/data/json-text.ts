import type { ParseError } from 'jsonc-parser';
import { parse, printParseErrorCode } from 'jsonc-parser';
import { SprmatrixError } from '../base/error.js';

/** Where a JSON text stops being JSON. Lines and columns count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** In words: `"x" does not belong here`, `the text ends too early`. */
  readonly problem: string;
  /** Whether what is there may be the beginning of a JSON text. */
  readonly isCut: boolean;
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
    throw new SprmatrixError({
      code,
      message: `${path}:${fault.line}:${fault.column}: not JSON: ${fault.problem}`,
      hint: fault.isCut
        ? 'the file was cut short; make it again'
        : 'repair the file by hand, or make it again',
      cause: error,
    });
  }
}

/** The first token in `text` that no JSON text could have there, or undefined when it is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first === undefined) return undefined;
  const name = printParseErrorCode(first.error);
  const isAtEnd = first.offset + first.length === text.length;
  const isCut = first.length === 0 || (isAtEnd && TOKEN_FAULTS.has(name));
  const offset = isCut ? text.length : first.offset;
  const found = JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0));
  return {
    line: text.slice(0, offset).split('\n').length,
    column: offset - text.slice(0, offset).lastIndexOf('\n'),
    problem: isCut
      ? 'the text ends too early'
      : (TOKEN_FAULTS.get(name) ?? `${found} does not belong here`),
    isCut,
  };
}

/** Faults of jsonc-parser inside a token, which is what the end of a text that was cut looks like; in words. */
const TOKEN_FAULTS: ReadonlyMap<string, string | undefined> = new Map([
  ['InvalidSymbol', undefined],
  ['UnexpectedEndOfString', 'a string without its end in this line'],
  ['UnexpectedEndOfNumber', 'a number without its end'],
  ['InvalidUnicode', 'a string with a \\u that has no four hexadecimal digits'],
  ['InvalidEscapeCharacter', 'a string with an escape that JSON does not have'],
  ['InvalidCharacter', 'a string with a control character'],
]);
