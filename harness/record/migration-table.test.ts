import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { formatMigrationTable } from './format-migration-table.js';
import type {
  AskedMigration,
  Loss,
  MeasuredMigration,
  MigrationFacts,
  MigrationOutcome,
} from './migration-answer.js';
import { migrationHoles } from './migration-table-faults.js';
import {
  measuredMigrations,
  parseMigrationTable,
  readMeasured,
  updateMigrations,
} from './migration-table.js';
import { errorOf, test } from './record.fixture.js';

const ONE = '0x0000000000000001';
const DEXCR: Loss = { register: 'DEXCR', how: 'unknown', errno: 'EINVAL', saved: ONE };
const DSCR: Loss = { register: 'DSCR', how: 'refused', errno: 'EPERM', saved: ONE };
const ACOP: Loss = { register: 'ACOP', how: 'refused', errno: 'EPERM', saved: ONE };

const FACTS: MigrationFacts = {
  line: '10.0',
  reasonOf: (register) => (register === 'ACOP' ? 'old-acop' : undefined),
};

const cells = (from: string, to: string): Pick<MeasuredMigration, 'from' | 'to'> => ({
  from: { kernel: from, platform: 'powernv8' },
  to: { kernel: to, platform: 'powernv9' },
});

const outcome = (lost: Loss[], kept = 100): MigrationOutcome => ({ kept, lost });

const asked = (
  from: string,
  to: string,
  qemu: string,
  result: MigrationOutcome,
): AskedMigration => ({
  ...cells(from, to),
  ...result,
  qemus: { from: qemu, to: qemu },
});

const measured = (
  from: string,
  to: string,
  outcomes: Record<string, MigrationOutcome>,
): MeasuredMigration => ({ ...cells(from, to), outcomes: new Map(Object.entries(outcomes)) });

const DOWN = measured('debian-6.12', 'debian-6.1', {
  '10.0.2': outcome([DSCR, DEXCR]),
  '7.2.22': outcome([ACOP, DEXCR]),
});
const UP = measured('debian-6.1', 'debian-6.12', {
  '10.0.2': outcome([]),
  '7.2.22': outcome([ACOP], 99),
});
const OWN = measured('own', 'debian-6.1', { '10.0.2': outcome([DEXCR]) });

const TEXT = `{
  "format": 2,
  "platform": "powernv9",
  "qemus": ["10.0.2","7.2.22"],
  "losses": [
    {"register":"ACOP","how":"refused","errno":"EPERM","saved":"${ONE}"},
    {"register":"DEXCR","how":"unknown","errno":"EINVAL","saved":"${ONE}"},
    {"register":"DSCR","how":"refused","errno":"EPERM","saved":"${ONE}"}
  ],
  "pairs": [
    {"from":{"kernel":"debian-6.1","platform":"powernv8"},"to":"debian-6.12","kept":100,"lost":[]},
    {"from":{"kernel":"debian-6.12","platform":"powernv8"},"to":"debian-6.1","kept":100,"lost":[2,1]},
    {"from":{"kernel":"own","platform":"powernv8"},"to":"debian-6.1","kept":100,"lost":[1],"under":[0]}
  ],
  "differs": [
    {"qemu":"7.2.22","reason":"old-acop","register":"ACOP","loss":0,"pairs":[0,1]},
    {"qemu":"7.2.22","register":"DSCR","pairs":[1]}
  ]
}
`;

test('a table has each loss once, and of each other QEMU what differs, whatever the order of answers', () => {
  expect(formatMigrationTable('powernv9', [DOWN, UP, OWN], FACTS)).toBe(TEXT);
  expect(formatMigrationTable('powernv9', [OWN, UP, DOWN], FACTS)).toBe(TEXT);
});

test('what a table says of each QEMU is what was measured', () => {
  const [up, down, own] = measuredMigrations(parseMigrationTable(TEXT, 'x.json'));
  expect(up).toEqual(UP);
  expect(own).toEqual(OWN);
  const old = down?.outcomes.get('7.2.22');
  expect(old?.kept).toBe(100);
  expect(old?.lost).toEqual([DEXCR, ACOP]);
});

test('an update keeps what was not tried, pairs and QEMUs, and replaces the rest', async ({
  folder,
}) => {
  expect(await readMeasured('powernv9', folder)).toEqual([]);
  const first = [
    asked('debian-6.12', 'debian-6.1', '7.2.22', outcome([ACOP, DEXCR])),
    asked('debian-6.1', 'debian-6.12', '7.2.22', outcome([ACOP], 99)),
  ];
  await updateMigrations('powernv9', first, FACTS, folder);
  const better = asked('debian-6.12', 'debian-6.1', '10.0.2', outcome([], 102));
  const path = await updateMigrations('powernv9', [better], FACTS, folder);
  expect(await readMeasured('powernv9', folder)).toEqual([
    {
      ...cells('debian-6.1', 'debian-6.12'),
      outcomes: new Map([['7.2.22', outcome([ACOP], 99)]]),
    },
    {
      ...cells('debian-6.12', 'debian-6.1'),
      outcomes: new Map([
        ['10.0.2', outcome([], 102)],
        ['7.2.22', outcome([ACOP, DEXCR])],
      ]),
    },
  ]);
  const table = parseMigrationTable(await readFile(path, 'utf8'), path);
  expect(table.qemus).toEqual(['10.0.2', '7.2.22']);
  expect(measuredMigrations(table)[1]?.outcomes.get('7.2.22')).toEqual(outcome([ACOP, DEXCR]));
});

const faultOf = (from: string, to: string): string => {
  expect(TEXT).toContain(from);
  return errorOf(() => parseMigrationTable(TEXT.replace(from, to), 'x.json')).message;
};

test('positions of what is not there are reported', () => {
  expect(faultOf('[2,1]', '[2,7]')).toBe(
    'x.json: no table of migrations: pairs[1].lost: 7, but there are 3 losses',
  );
  expect(faultOf('"under":[0]', '"under":[2]')).toBe(
    'x.json: no table of migrations: pairs[2].under: 2, but there are 2 QEMUs',
  );
  expect(faultOf('"pairs":[1]', '"pairs":[3]')).toBe(
    'x.json: no table of migrations: differs[1].pairs: 3, but there are 3 pairs',
  );
});

test('a difference that is none, stands there twice, or was never measured is reported', () => {
  expect(faultOf('"register":"DSCR","pairs":[1]', '"register":"DSCR","loss":2,"pairs":[1]')).toBe(
    'x.json: no table of migrations: differs[1]: DSCR of pair 1 under QEMU 7.2.22: it is as in the pair',
  );
  expect(faultOf('"register":"DSCR","pairs":[1]', '"register":"DSCR","loss":1,"pairs":[1]')).toBe(
    'x.json: no table of migrations: differs[1]: DSCR of pair 1 under QEMU 7.2.22: its loss is of DEXCR',
  );
  expect(faultOf('"register":"DSCR","pairs":[1]', '"register":"ACOP","loss":0,"pairs":[1]')).toBe(
    'x.json: no table of migrations: differs[1]: ACOP of pair 1 under QEMU 7.2.22: it stands there more than once',
  );
  expect(faultOf('"loss":0,"pairs":[0,1]', '"loss":0,"pairs":[0,2]')).toBe(
    'x.json: no table of migrations: differs[0]: ACOP of pair 2 under QEMU 7.2.22: the pair was not measured there',
  );
  expect(faultOf('{"qemu":"7.2.22","register"', '{"qemu":"10.0.2","register"')).toBe(
    'x.json: no table of migrations: differs[1]: DSCR of pair 1 under QEMU 10.0.2: that is what the pair itself is of',
  );
});

test('a release line that a pair was measured older and newer than, and others under, is a hole', () => {
  const all = { '7.2.22': outcome([]), '10.0.2': outcome([]), '11.1.3': outcome([]) };
  const hole = { '7.2.22': outcome([]), '11.1.3': outcome([]) };
  const pairs = [measured('a', 'b', all), measured('b', 'a', hole)];
  const text = formatMigrationTable('powernv9', pairs, FACTS);
  expect(migrationHoles(parseMigrationTable(text, 'x.json'))).toEqual([
    'matrix/migration/powernv9.json: from b/powernv8 to a: not measured under QEMU 10.0, which is between two that it was measured under',
  ]);
  expect(migrationHoles(parseMigrationTable(TEXT, 'x.json'))).toEqual([]);
});

test('a field that the schema does not have is reported', () => {
  expect(faultOf('"errno"', '"error"')).toContain(
    'losses[0]: "error" is no known field; allowed: errno, ',
  );
});
