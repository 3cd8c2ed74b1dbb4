import { expect, test } from '@playwright/test';
import { LastLines } from './last-lines.js';

function add(lines: LastLines, ...added: string[]): void {
  for (const line of added) lines.add(line);
}

test('the last lines are kept, oldest first', () => {
  const lines = new LastLines(3);
  add(lines, 'one', 'two', 'three', 'four');
  expect(lines.all).toEqual(['two', 'three', 'four']);
});

test('what comes after the mark is distinguished, however much that is', () => {
  const lines = new LastLines(3);
  add(lines, 'one', 'two');
  expect(lines.sinceMark).toEqual(['one', 'two']);
  lines.mark();
  expect(lines.sinceMark).toEqual([]);
  add(lines, 'three', 'four');
  expect([lines.all, lines.sinceMark]).toEqual([
    ['two', 'three', 'four'],
    ['three', 'four'],
  ]);
  add(lines, 'five', 'six', 'seven');
  expect(lines.sinceMark).toEqual(['five', 'six', 'seven']);
});
