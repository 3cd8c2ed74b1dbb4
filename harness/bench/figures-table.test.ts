import { expect, test } from '@playwright/test';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { figuresMarkdown, figuresTable } from './figures-table.js';

const figure = (name: string, value: number, more: Partial<Figure> = {}): Figure =>
  judged({ name, value, unit: 's', aim: { is: 'below', value: 1 }, details: {}, ...more });

test('a figure says its aim, and by how much of it the aim is missed', () => {
  const figures = [
    figure('kept', 0.94),
    figure('at the limit of "below"', 1),
    figure('missed', 1.5),
    figure('a ratio', 0.25, { unit: 'ratio', aim: { is: 'at most', value: 0.25 } }),
    figure('not slow enough', 4, { unit: 'times', aim: { is: 'at least', value: 10 } }),
    figure('a | alone', 1155.4, { unit: 'us', aim: undefined }),
  ];
  expect(figuresMarkdown(figures)).toBe(
    [
      '| figure | aim | measured | aim met |',
      '| --- | --- | --- | --- |',
      '| kept | < 1 s | 0.94 s | yes |',
      '| at the limit of "below" | < 1 s | 1.00 s | no, by 1 % |',
      '| missed | < 1 s | 1.50 s | no, by 50 % |',
      '| a ratio | <= 0.25 | 0.25 | yes |',
      '| not slow enough | >= 10 times | 4.0 times | no, by 60 % |',
      '| a \\| alone |  | 1155 us |  |',
      '',
    ].join('\n'),
  );
});

test('the same table stands on a terminal', () => {
  const lines = figuresTable([figure('kept', 0.94)]).split('\n');
  expect(lines[1]).toBe('│ figure │ aim   │ measured │ aim met │');
  expect(lines[3]).toBe('│ kept   │ < 1 s │ 0.94 s   │ yes     │');
});
