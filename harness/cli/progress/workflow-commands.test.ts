import { expect, test } from '@playwright/test';
import { errorCommands } from './workflow-commands.js';

test('an annotation is one line, whatever is in it', () => {
  const hostile = {
    title: 'a:b,c%\n::stop-commands::x',
    message: '100 %\r\n::set-output name=x::y',
  };
  expect(errorCommands([hostile])).toEqual([
    '::error title=a%3Ab%2Cc%25%0A%3A%3Astop-commands%3A%3Ax::100 %25%0D%0A::set-output name=x::y',
  ]);
});

test('of more than GitHub shows, the last one says how many more there are', () => {
  const many = (count: number): string[] =>
    errorCommands(
      Array.from({ length: count }, (_, index) => ({ title: `${index}`, message: 'm' })),
    );
  expect(many(10)).toHaveLength(10);
  expect(many(10).at(-1)).toBe('::error title=9::m');
  expect(many(47)).toHaveLength(10);
  expect(many(47).slice(-2)).toEqual([
    '::error title=8::m',
    "::error title=38 more::the job's summary and the log have all of them",
  ]);
});
