import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { findJsonFault, parseJson } from './json-text.js';
import { errorOf } from '../base/testing/errors.js';

const FAULTS: readonly (readonly [text: string, line: number, column: number, problem: string])[] =
  [
    ['', 1, 1, 'the text ends too early'],
    ['{"a": x}', 1, 7, '"x" does not belong here'],
    ['{"a": 1,}', 1, 9, '"}" does not belong here'],
    ['{\n  "a": [1 2]\n}', 2, 11, '"2" does not belong here'],
    ['{"a": 1', 1, 8, 'the text ends too early'],
    ['{"a": tru', 1, 10, 'the text ends too early'],
    ['"cut', 1, 5, 'the text ends too early'],
    ['["a\nb"]', 1, 2, 'a string without its end in this line'],
    ['["a\\x"]', 1, 2, 'a string with an escape that JSON does not have'],
    ['["\\u12"]', 1, 2, 'a string with a \\u that has no four hexadecimal digits'],
    ['["\u0001"]', 1, 2, 'a string with a control character'],
    ['[1e]', 1, 2, 'a number without its end'],
    ['{"a": 1}}', 1, 9, '"}" does not belong here'],
    ['[01]', 1, 3, '"1" does not belong here'],
    ["{'a': 1}", 1, 2, '"\'" does not belong here'],
    ['[1}', 1, 3, '"}" does not belong here'],
    ['// x\n{}', 1, 1, '"/" does not belong here'],
  ];

for (const [text, line, column, problem] of FAULTS) {
  test(`the fault of ${JSON.stringify(text)} is found at ${line}:${column}`, () => {
    expect(findJsonFault(text)).toMatchObject({ line, column, problem });
  });
}

test('a text that is no JSON is refused with path, line and column', () => {
  const error = errorOf(() => parseJson('{\n  "format": 1,\n}', 'a/b.json', 'RECORD_INVALID'));
  expect(error).toMatchObject({
    code: 'RECORD_INVALID',
    message: 'a/b.json:3:1: not JSON: "}" does not belong here',
    hint: 'repair the file by hand, or make it again',
  });
});

test('a text that was cut short says so', () => {
  const error = errorOf(() => parseJson('{"format": 1', 'a/b.json', 'RECORD_INVALID'));
  expect(error).toMatchObject({
    message: 'a/b.json:1:13: not JSON: the text ends too early',
    hint: 'the file was cut short; make it again',
  });
});

test('every JSON text is accepted, and every beginning of one is cut', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(findJsonFault(text)).toBeUndefined();
      expect(parseJson(text, 'x', 'X')).toEqual(JSON.parse(text));
      const cut = text.slice(0, -1);
      if (!isJson(cut) && /["\]}]$/.test(text)) {
        expect(findJsonFault(cut)?.isCut).toBe(true);
      }
    }),
  );
});

test('a damaged text has a fault exactly when JSON.parse refuses it', () => {
  const damaged = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '"', '\\', '{', ']', '-', '1', 'e', '\u0001'),
    )
    .map(([text, at, junk]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + junk + text.slice(place + 1);
    });
  fc.assert(
    fc.property(damaged, (text) => {
      expect(findJsonFault(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 1000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // that is the answer
  }
}
