import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { nearestFirst, unknownName } from './nearest.js';

test('names that hold what was typed come first, the shortest before the others', () => {
  expect(nearestFirst('powernv', ['pseries-p9', 'powernv10', 'powernv9', 'local'])).toEqual([
    'powernv9',
    'powernv10',
    'local',
    'pseries-p9',
  ]);
});

test('a slip of the finger finds its name, in any case', () => {
  expect(nearestFirst('lcpr', ['DABR', 'LPCR', 'MMCR0'])[0]).toBe('LPCR');
});

test('nothing is lost: the nearest names are all the names', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { maxLength: 20 }), (value, allowed) => {
      expect(nearestFirst(value, allowed).sort()).toEqual([...allowed].sort());
    }),
  );
});

test('a name itself is nearest to itself', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1 });
  fc.assert(
    fc.property(names, fc.nat(), (allowed, index) => {
      const name = allowed[index % allowed.length] ?? '';
      expect(nearestFirst(name, allowed)[0]).toBe(name);
    }),
  );
});

test('an unknown name is a usage error that tells the value and what there is', () => {
  const error = unknownName('platform', 'powernv7', ['powernv8', 'local'], 'npx sprmatrix list');
  expect([error.code, error.kind]).toEqual(['UNKNOWN_PLATFORM', 'usage']);
  expect(error.describe()).toBe(
    'no platform matches "powernv7" (nearest first: powernv8, local)\n  hint: did you mean powernv8? npx sprmatrix list',
  );
});

test('of many names the five nearest are reported, and how many more there are', () => {
  const names = Array.from({ length: 15 }, (_, index) => `r${index + 10}`);
  expect(unknownName('register', 'r', names).message).toBe(
    'no register matches "r" (nearest first: r10, r11, r12, r13, r14, and 10 more)',
  );
});

test('where there is nothing to choose from, that is said', () => {
  const error = unknownName('baseline kernel', 'x', []);
  expect([error.code, error.message]).toEqual([
    'UNKNOWN_BASELINE_KERNEL',
    'no baseline kernel matches "x" (nearest first: there is none)',
  ]);
});
