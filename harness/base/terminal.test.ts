import { expect, test } from '@playwright/test';
import { hasColours, isDrawable } from './terminal.js';

const TERMINAL = { isTTY: true, columns: 80 };

test('lines are drawn over on a terminal alone, which is not dumb and has columns', () => {
  expect(isDrawable(TERMINAL, { TERM: 'xterm' })).toBe(true);
  expect(isDrawable({ isTTY: true }, {})).toBe(true);
  expect(isDrawable({ isTTY: true, columns: 0 }, { TERM: 'xterm' })).toBe(false);
  expect(isDrawable(TERMINAL, { TERM: 'dumb' })).toBe(false);
  expect(isDrawable({}, { TERM: 'xterm', CI: 'true' })).toBe(false);
});

test('a file gets no colours, in CI either, unless FORCE_COLOR says so', () => {
  expect(hasColours(TERMINAL, { TERM: 'xterm' })).toBe(true);
  expect(hasColours(TERMINAL, { TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
  expect(hasColours(TERMINAL, { TERM: 'dumb' })).toBe(false);
  expect(hasColours({}, { CI: 'true', TERM: 'xterm' })).toBe(false);
  expect(hasColours({}, { FORCE_COLOR: '1' })).toBe(true);
  expect(hasColours(TERMINAL, { FORCE_COLOR: '0' })).toBe(false);
});
