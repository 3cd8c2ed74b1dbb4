import { expect, test } from '@playwright/test';
import { countOf } from './count.js';

test('a count has its noun in the right number', () => {
  expect([0, 1, 2].map((count) => countOf(count, 'deviation'))).toEqual([
    ...['0 deviations', '1 deviation', '2 deviations'],
  ]);
});
