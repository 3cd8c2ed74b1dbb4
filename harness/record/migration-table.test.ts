import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { Loss, MigrationAnswer } from './migration-table.js';
import {
  formatMigrationTable,
  parseMigrationTable,
  readMigrations,
  updateMigrations,
} from './migration-table.js';
import { errorOf, test } from './record.fixture.js';

const ONE = '0x0000000000000001';
const DEXCR: Loss = { register: 'DEXCR', how: 'unknown', errno: 'EINVAL', saved: ONE };
const DSCR: Loss = { register: 'DSCR', how: 'refused', errno: 'EPERM', saved: ONE };

const answer = (from: string, to: string, lost: Loss[], kept = 100): MigrationAnswer => ({
  from: { kernel: from, platform: 'powernv8' },
  to: { kernel: to, platform: 'powernv9' },
  ...{ kept, lost },
});
const DOWN = answer('debian-6.12', 'debian-6.1', [DSCR, DEXCR]);
const UP = answer('debian-6.1', 'debian-6.12', []);

test('a table has each different loss once and is the same whatever the order of answers', () => {
  const text = formatMigrationTable('powernv9', [DOWN, UP, answer('a', 'debian-6.1', [DEXCR])]);
  expect(text).toBe(`{
  "format": 1,
  "platform": "powernv9",
  "losses": [
    {"register":"DEXCR","how":"unknown","errno":"EINVAL","saved":"${ONE}"},
    {"register":"DSCR","how":"refused","errno":"EPERM","saved":"${ONE}"}
  ],
  "pairs": [
    {"from":{"kernel":"a","platform":"powernv8"},"to":"debian-6.1","kept":100,"lost":[0]},
    {"from":{"kernel":"debian-6.1","platform":"powernv8"},"to":"debian-6.12","kept":100,"lost":[]},
    {"from":{"kernel":"debian-6.12","platform":"powernv8"},"to":"debian-6.1","kept":100,"lost":[1,0]}
  ]
}
`);
  const again = [UP, answer('a', 'debian-6.1', [DEXCR]), DOWN];
  expect(formatMigrationTable('powernv9', again)).toBe(text);
  expect(parseMigrationTable(text, 'x.json')[2]).toEqual(DOWN);
});

test('an update keeps the pairs that were not tried, and replaces the others', async ({
  folder,
}) => {
  expect(await readMigrations('powernv9', folder)).toEqual([]);
  await updateMigrations('powernv9', [DOWN, UP], folder);
  const better = answer('debian-6.12', 'debian-6.1', [], 102);
  const path = await updateMigrations('powernv9', [better], folder);
  expect(await readMigrations('powernv9', folder)).toEqual([UP, better]);
  expect(await readFile(path, 'utf8')).not.toContain('DEXCR');
});

test('a pair that names a loss which is not there is reported', () => {
  const text = formatMigrationTable('powernv9', [DOWN]).replace('[1,0]', '[1,7]');
  expect(errorOf(() => parseMigrationTable(text, 'x.json')).message).toBe(
    'x.json: no table of migrations: pairs[0].lost: 7, but there are 2 losses',
  );
});

test('a field that the schema does not have is reported', () => {
  const text = formatMigrationTable('powernv9', [DOWN]).replace('"errno"', '"error"');
  expect(errorOf(() => parseMigrationTable(text, 'x.json')).message).toContain(
    'losses[0]: "error" is no known field; allowed: errno, ',
  );
});
