import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { selectByName, splitSelectors } from './selectors.js';
import { errorOf } from './testing/errors.js';

const CITIES = ['Oslo', 'Odense', 'Rome'];
const selected = (...selectors: string[]): string[] =>
  selectByName('city', selectors, CITIES, (city) => city);

test('selectors may be repeated and hold commas, with space around them', () => {
  expect(splitSelectors('city', ['a,b', ' c , d', 'e,'])).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('however words are spread over selectors, they come back in order', () => {
  const words = fc.array(fc.stringMatching(/^[^,\s]+$/), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(words), (lists) => {
      const selectors = lists.map((list) => list.join(','));
      expect(splitSelectors('city', selectors)).toEqual(lists.flat());
    }),
  );
});

for (const selector of ['', ' ', ', ,']) {
  test(`a selector "${selector}" means neither all nor nothing: it is a usage error`, () => {
    const error = errorOf(() => splitSelectors('kernel', ['6.1', selector]));
    expect([error.code, error.kind]).toEqual(['SELECTOR_EMPTY', 'usage']);
    expect(error.describe()).toBe(
      `--kernel="${selector}" names no kernel\n  hint: leave out --kernel to have the default`,
    );
  });
}

test('names and globs select in any case, each entry once, in the order of the entries', () => {
  expect(selected('ROME')).toEqual(['Rome']);
  expect(selected('rome', 'o*', 'oslo')).toEqual(['Oslo', 'Odense', 'Rome']);
  expect(selected('?slo,Rome')).toEqual(['Oslo', 'Rome']);
  expect(selected()).toEqual([]);
});

test('one selector that matches nothing fails the whole, even next to others that match', () => {
  const error = errorOf(() => selected('Rome,Osl'));
  expect([error.code, error.message]).toEqual([
    'UNKNOWN_CITY',
    'no city matches "Osl" (nearest first: Oslo, Rome, Odense)',
  ]);
});
