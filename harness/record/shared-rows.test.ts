import { expect, test } from '@playwright/test';
import { record, row } from './record.fixture.js';
import { withSharedRows } from './shared-rows.js';

test('records share the rows that are the same, and say what they said', () => {
  const made = [
    record({ kernel: 'debian-6.1' }, { DSCR: row('exact'), LPCR: row('exact') }),
    record({ kernel: 'debian-6.12' }, { DSCR: row('exact'), LPCR: row('get-only') }),
  ];
  const [first, second] = made.map(withSharedRows);
  expect([first, second]).toEqual(made);
  expect(second?.registers['DSCR']).toBe(first?.registers['DSCR']);
  expect(second?.registers['LPCR']).not.toBe(first?.registers['LPCR']);
});
