import { expect, test } from '@playwright/test';
import type {
  AskedMigration,
  Loss,
  MeasuredMigration,
  MigrationOutcome,
} from '../../record/migration-answer.js';
import { formatMigrationTable } from '../../record/format-migration-table.js';
import { parseMigrationTable } from '../../record/migration-table.js';
import type { EmulatorReason } from './emulator-reasons.js';
import { record, row } from '../../record/record.fixture.js';
import {
  expectedMigration,
  migrationFacts,
  migrationReasonFaults,
  outcomeUnder,
} from './migration-under-qemu.js';

const ONE = '0x0000000000000001';
const ACOP: Loss = { register: 'ACOP', how: 'refused', errno: 'EPERM', saved: ONE };
const DSCR: Loss = { register: 'DSCR', how: 'refused', errno: 'EPERM', saved: ONE };
const OLD: MigrationOutcome = { kept: 99, lost: [ACOP] };
const NEW: MigrationOutcome = { kept: 100, lost: [] };

const CELLS = {
  from: { kernel: 'debian-6.1', platform: 'powernv9' },
  to: { kernel: 'debian-6.12', platform: 'powernv9' },
} as const;

const measured = (outcomes: Record<string, MigrationOutcome>): MeasuredMigration => ({
  ...CELLS,
  outcomes: new Map(Object.entries(outcomes)),
});
const PAIR = measured({ '10.0.2': NEW, '10.0.13': NEW, '7.2.20': OLD, '7.2.22': NEW });

const answer = (from: string, to = from): AskedMigration => ({
  ...{ ...CELLS, ...NEW },
  qemus: { from, to },
});

test('a pair is known under measured versions, and between two of one line that agree', () => {
  expect(outcomeUnder(PAIR, '7.2.20')).toEqual(OLD);
  expect(outcomeUnder(PAIR, '10.0.8')).toEqual(NEW);
  expect(outcomeUnder(PAIR, '7.2.21')).toBeUndefined();
  expect(outcomeUnder(PAIR, '10.0.14')).toBeUndefined();
  expect(outcomeUnder(PAIR, '9.0.0')).toBeUndefined();
});

test('an answer whose ends ran under two versions is of neither', () => {
  expect(expectedMigration(answer('10.0.2'), PAIR, new Map())).toEqual({
    ...NEW,
    emulators: new Set(),
  });
  expect(expectedMigration(answer('10.0.2', '10.0.13'), PAIR, new Map())).toBeUndefined();
});

test('under a calibrated QEMU the reference counts, without what the calibration found', () => {
  const calibration = {
    ...{ qemu: 'a'.repeat(64), control: 'debian-6.1' },
    differs: { registers: { ACOP: row('lost') } },
  };
  const calibrations = new Map([['powernv9', calibration]]);
  expect(expectedMigration(answer('12.0.0'), PAIR, calibrations)).toEqual({
    ...NEW,
    emulators: new Set(['ACOP']),
  });
});

const REASON: EmulatorReason = {
  ...{ id: 'old-acop', qemu: '<8.1.0', platforms: ['powernv9'], registers: ['ACOP'] },
  ...{ what: 'an old ACOP', source: 'cpu.c: f' },
};
const BASELINES = ['debian-6.1', 'debian-6.12'].map((kernel) => record({ kernel }));

test('a reason covers a register of a pair when it covers that of either end', () => {
  const facts = { reference: { line: '10.0', why: 'a test' }, reasons: [REASON] };
  const { reasonOf } = migrationFacts(BASELINES, facts);
  expect(reasonOf('ACOP', CELLS, '7.2.22')).toBe('old-acop');
  expect(reasonOf('ACOP', CELLS, '9.0.0')).toBeUndefined();
  expect(reasonOf('DSCR', CELLS, '7.2.22')).toBeUndefined();
});

test('a difference without a reason, and one that its reason does not cover, are reported', () => {
  const facts = migrationFacts(BASELINES, {
    reference: { line: '10.0', why: 'a test' },
    reasons: [REASON],
  });
  const pair = measured({ '10.0.2': NEW, '7.2.22': { kept: 98, lost: [ACOP, DSCR] } });
  const text = formatMigrationTable('powernv9', [pair], facts);
  expect(migrationReasonFaults(parseMigrationTable(text, 'x.json'), facts)).toEqual([
    'matrix/migration/powernv9.json: DSCR under QEMU 7.2.22: no reason of matrix/emulator.json covers it (1 pairs, the first from debian-6.1 to debian-6.12)',
  ]);
  const other = text.replace('"reason":"old-acop"', '"reason":"another"');
  expect(migrationReasonFaults(parseMigrationTable(other, 'x.json'), facts)[0]).toBe(
    'matrix/migration/powernv9.json: ACOP under QEMU 7.2.22: reason "another" does not cover it (1 pairs, the first from debian-6.1 to debian-6.12)',
  );
});
