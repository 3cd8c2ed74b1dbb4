import { expect, test } from '@playwright/test';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { record, row } from '../record/record.fixture.js';
import type { Migration } from '../record/record.generated.js';
import type { Deviation, JudgedRow, Verdict } from './deviation.js';
import {
  judgeAbsentErrno,
  judgeByBaseline,
  judgeMigration,
  judgeMonotonic,
  judgePutBack,
  judgePutLost,
} from './register-rules.js';

/** A record of one register, LPCR. */
const cell = (kernel: string, lpcr: RegisterRecord, platform = 'powernv9'): CellRecord =>
  record({ kernel, platform }, { LPCR: lpcr });

const judged = (row: RegisterRecord, kernel = 'debian-6.12'): JudgedRow => ({
  record: cell(kernel, row),
  register: 'LPCR',
  row,
});

function deviation(verdict: Verdict): Deviation {
  if (typeof verdict === 'string') throw new Error(`no deviation: ${verdict}`);
  return verdict;
}

const ONES = '0xffffffffffffffff';
const THREES = '0x3333333333333333';

test('a row that equals its baseline keeps it, whatever the note says', () => {
  const baseline = cell('debian-6.12', row('exact', { note: 'an older wording' }));
  expect(judgeByBaseline(judged(row('exact')), baseline, [])).toBe('kept');
});

test('a migration that has another end deviates; a baseline without one says nothing of it', () => {
  const kept = row('exact', { migrates: { answer: 'kept' } });
  const refused = row('exact', { migrates: { answer: 'refused', errno: 'EPERM', saved: ONES } });
  const baseline = cell('debian-6.12', kept);
  expect(deviation(judgeByBaseline(judged(refused), baseline, [])).message).toBe(
    `LPCR on debian-6.12/powernv9: expected migrates kept (exact since debian-6.12), got migrates refused with EPERM (${ONES}) [baseline]`,
  );
  expect(judgeByBaseline(judged(refused), cell('debian-6.12', row('exact')), [])).toBe('kept');
});

test('a register that became absent deviates from its baseline', () => {
  const baseline = cell('debian-6.12', row('exact'));
  const baselines = [cell('debian-5.10', row('exact')), cell('debian-6.1', row('exact')), baseline];
  expect(deviation(judgeByBaseline(judged(row('absent')), baseline, baselines))).toEqual({
    register: 'LPCR',
    rule: 'baseline',
    expected: `exact, get ok, put ok, reset 0x0000000000000000, writable ${ONES}`,
    actual: 'absent, get EINVAL, put EINVAL, reset none, writable none',
    since: 'debian-5.10',
    message: `LPCR on debian-6.12/powernv9: expected exact, get ok, put ok, reset 0x0000000000000000, writable ${ONES} (exact since debian-5.10), got absent, get EINVAL, put EINVAL, reset none, writable none [baseline]`,
    difference: `expected exact, get ok, put ok, reset 0x0000000000000000, writable ${ONES} (exact since debian-5.10), got absent, get EINVAL, put EINVAL, reset none, writable none [baseline]`,
  });
});

test('a mask that changed deviates from the baseline and names only the mask', () => {
  const baseline = cell('debian-6.12', row('masked'));
  const changed = row('masked', { writable: '0x3333333333333331' });
  expect(deviation(judgeByBaseline(judged(changed), baseline, [])).message).toBe(
    `LPCR on debian-6.12/powernv9: expected writable ${THREES} (masked since debian-6.12), got writable 0x3333333333333331 [baseline]`,
  );
});

test("a deviation from another QEMU's baseline says so", () => {
  const baseline = record({ kernel: 'debian-6.12', qemu: '7.2.22' }, { LPCR: row('masked') });
  const changed = row('masked', { writable: '0x3333333333333331' });
  const newer = record({ kernel: 'debian-6.12', qemu: '10.0.2' }, { LPCR: changed });
  const found = judgeByBaseline({ record: newer, register: 'LPCR', row: changed }, baseline, []);
  expect(deviation(found).message).toBe(
    `LPCR on debian-6.12/powernv9: expected writable ${THREES} (masked since debian-6.12), got writable 0x3333333333333331; the baseline is of QEMU 7.2.22, this record of 10.0.2 [baseline]`,
  );
});

test('refusals in another order are no deviation, another errno is one', () => {
  const value = '0x0000000000000001';
  const refusals = ['EINVAL', 'EPERM'].map((errno) => ({ errno, value, bits: value }));
  const baseline = cell('debian-6.12', row('restricted', { refused: refusals }));
  const turned = row('restricted', { refused: refusals.toReversed() });
  expect(judgeByBaseline(judged(turned), baseline, [])).toBe('kept');
  const fewer = row('restricted', { refused: refusals.slice(0, 1) });
  expect(deviation(judgeByBaseline(judged(fewer), baseline, [])).message).toBe(
    `LPCR on debian-6.12/powernv9: expected refused EINVAL for ${value} (single bits ${value}) and EPERM for ${value} (single bits ${value}) (restricted since debian-6.12), got refused EINVAL for ${value} (single bits ${value}) [baseline]`,
  );
});

test('since stops at a gap, at another platform and at another page size', () => {
  const baseline = cell('debian-6.12', row('exact'));
  const since = (...older: CellRecord[]): string | undefined =>
    deviation(judgeByBaseline(judged(row('lost')), baseline, older)).since;
  const old = cell('debian-5.10', row('exact'));
  expect(since(old, cell('debian-6.1', row('exact')))).toBe('debian-5.10');
  expect(since(old, cell('debian-6.1', row('masked')))).toBe('debian-6.12');
  expect(since(old, cell('debian-6.1', row('exact')), cell('debian-6.6', row('lost')))).toBe(
    'debian-6.12',
  );
  expect(since(cell('debian-6.1', row('exact'), 'powernv8'))).toBe('debian-6.12');
  expect(since(record({ kernel: 'debian-6.1', pageSize: 4096 }, { LPCR: row('exact') }))).toBe(
    'debian-6.12',
  );
  expect(since(cell('debian-7.2', row('exact')))).toBe('debian-6.12');
});

test('a register that the baseline does not have is to be recorded', () => {
  const baseline = record({ kernel: 'debian-6.12' }, { DSCR: row('exact') });
  expect(deviation(judgeByBaseline(judged(row('absent')), baseline, [])).message).toBe(
    'LPCR on debian-6.12/powernv9: expected no such register (the baseline is older than it), got absent (EINVAL); record it with --update-baseline [baseline]',
  );
});

for (const support of ['untested', 'error'] as const) {
  test(`a row that is ${support} is judged by no rule`, () => {
    const older = [cell('debian-6.1', row('exact'))];
    const entry = judged(row(support));
    expect([
      judgeByBaseline(entry, cell('debian-6.12', row('exact')), []),
      judgeMonotonic(entry, older),
      judgePutBack(entry),
      judgeAbsentErrno(entry),
      judgePutLost(entry),
    ]).toEqual(['not asked', 'not asked', 'not asked', 'not asked', 'not asked']);
  });
}

test('without a baseline there is no comparison', () => {
  expect(judgeByBaseline(judged(row('exact')), undefined, [])).toBe('no comparison');
});

test('a baseline that has no answer of a register is not passed over', () => {
  const unasked = cell('debian-6.12', row('untested'));
  expect(judgeByBaseline(judged(row('exact')), unasked, [])).toMatchObject({
    message:
      'LPCR on debian-6.12/powernv9: expected an answer on record (the baseline has none: untested), got exact; record it with --update-baseline [baseline]',
  });
});

test('a register that an older kernel has must not become absent', () => {
  const older = [cell('debian-6.1', row('masked')), cell('debian-5.10', row('masked'))];
  expect(deviation(judgeMonotonic(judged(row('absent', { errno: 'ENXIO' })), older))).toEqual({
    register: 'LPCR',
    rule: 'monotonic',
    expected: 'not absent, because debian-6.1 has it',
    actual: 'absent (ENXIO)',
    since: 'debian-5.10',
    message:
      'LPCR on debian-6.12/powernv9: expected not absent, because debian-6.1 has it (masked since debian-5.10), got absent (ENXIO) [monotonic]',
    difference:
      'expected not absent, because debian-6.1 has it (masked since debian-5.10), got absent (ENXIO) [monotonic]',
  });
});

const MONOTONIC = [
  ['exact', 'lost', true],
  ['lost', 'absent', true],
  ['get-only', 'absent', true],
  ['lost', 'lost', false],
  ['absent', 'absent', false],
  ['absent', 'exact', false],
  ['absent', 'lost', false],
  ['exact', 'masked', false],
  ['exact', 'get-only', false],
] as const;

for (const [before, after, isDeviation] of MONOTONIC) {
  test(`${before} before, ${after} now ${isDeviation ? 'breaks' : 'keeps'} the monotonic rule`, () => {
    const verdict = judgeMonotonic(judged(row(after)), [cell('debian-6.1', row(before))]);
    expect(typeof verdict).toBe(isDeviation ? 'object' : 'string');
  });
}

test('the nearest older kernel with an answer counts', () => {
  const older = [
    cell('debian-6.6', row('untested')),
    cell('debian-6.1', row('absent')),
    cell('debian-5.10', row('exact')),
  ];
  expect(judgeMonotonic(judged(row('absent')), older)).toBe('kept');
  expect(judgeMonotonic(judged(row('absent')), older.slice(0, 1))).toBe('no comparison');
});

test('a value that was just got must be accepted back', () => {
  expect(deviation(judgePutBack(judged(row('get-only', { errno: 'EPERM' }))))).toEqual({
    register: 'LPCR',
    rule: 'put-back',
    expected: 'put ok for the value just got',
    actual: 'put EPERM',
    message:
      'LPCR on debian-6.12/powernv9: expected put ok for the value just got, got put EPERM [put-back]',
    difference: 'expected put ok for the value just got, got put EPERM [put-back]',
  });
  expect(judgePutBack(judged(row('exact')))).toBe('kept');
  expect(judgePutBack(judged(row('absent')))).toBe('kept');
});

test('an absent register answers EINVAL or ENXIO in both directions', () => {
  expect(judgeAbsentErrno(judged(row('absent', { get: 'EINVAL', put: 'ENXIO' })))).toBe('kept');
  expect(judgeAbsentErrno(judged(row('get-only', { errno: 'EPERM' })))).toBe('kept');
  const onlyGetIsWrong = judged(row('absent', { get: 'EPERM', put: 'EINVAL' }));
  expect(deviation(judgeAbsentErrno(onlyGetIsWrong)).actual).toBe('get EPERM, put EINVAL');
  const bothAreWrong = judged(row('absent', { errno: 'EPERM' }));
  expect(deviation(judgeAbsentErrno(bothAreWrong)).actual).toBe('EPERM');
  expect(
    deviation(judgeAbsentErrno(judged(row('absent', { get: 'EINVAL', put: 'EPERM' })))),
  ).toEqual({
    register: 'LPCR',
    rule: 'absent-errno',
    expected: 'EINVAL or ENXIO of an absent register',
    actual: 'get EINVAL, put EPERM',
    message:
      'LPCR on debian-6.12/powernv9: expected EINVAL or ENXIO of an absent register, got get EINVAL, put EPERM [absent-errno]',
    difference:
      'expected EINVAL or ENXIO of an absent register, got get EINVAL, put EPERM [absent-errno]',
  });
});

test('a register whose puts succeed and move nothing breaks put-lost', () => {
  expect(judgePutLost(judged(row('masked')))).toBe('kept');
  expect(judgePutLost(judged(row('absent')))).toBe('kept');
  expect(deviation(judgePutLost(judged(row('lost', { reset: THREES })))).message).toBe(
    `LPCR on debian-6.12/powernv9: expected some bit to follow a put that succeeds, got success and still ${THREES} [put-lost]`,
  );
});

test('a put that succeeds must move some bit', () => {
  expect(deviation(judgePutLost(judged(row('lost')))).message).toBe(
    'LPCR on debian-6.12/powernv9: expected some bit to follow a put that succeeds, got success and still 0x0000000000000000 [put-lost]',
  );
  expect(judgePutLost(judged(row('masked')))).toBe('kept');
  expect(judgePutLost(judged(row('absent')))).toBe('kept');
});

const value = (digit: string): string => `0x${digit.repeat(16)}`;
const AGREES = { answer: 'agrees' } as const;
const CHANGED = { answer: 'changed', saved: value('1'), restored: value('0') } as const;
const REFUSED = { answer: 'refused', errno: 'EINVAL', saved: value('1') } as const;
const SEES_ANOTHER = { answer: 'differs', before: value('1'), after: value('2') } as const;

test('a saved value that is not there when it is restored breaks migrates', () => {
  const migrated = (migrates: Migration): Verdict =>
    judgeMigration(judged(row('exact', { migrates })));
  expect(migrated({ answer: 'kept', guest: AGREES })).toBe('kept');
  expect(migrated({ answer: 'untested', why: 'it holds its fresh value' })).toBe('kept');
  expect(deviation(migrated(CHANGED)).message).toBe(
    `LPCR on debian-6.12/powernv9: expected a saved value to be there when it is restored, got changed (${value('1')} to ${value('0')}) [migrates]`,
  );
  expect(deviation(migrated(REFUSED)).actual).toBe(`refused with EINVAL (${value('1')})`);
  expect(deviation(migrated({ answer: 'kept', guest: SEES_ANOTHER })).actual).toBe(
    `the guest differs (before ${value('1')}, after ${value('2')})`,
  );
  expect(judgeMigration(judged(row('exact')))).toBe('not asked');
  expect(judgeMigration(judged(row('absent')))).toBe('kept');
  expect(judgeMigration(judged(row('untested')))).toBe('not asked');
});

test('migrates does not say again what another rule says of the register', () => {
  const lost = row('lost', { migrates: CHANGED });
  expect(judgeMigration(judged(lost))).toBe('kept');
  const getOnly = row('get-only', { migrates: REFUSED });
  expect(judgeMigration(judged(getOnly))).toBe('kept');
  const guest = { read: { answer: 'traps', vector: '0x700' }, write: AGREES } as const;
  const disagreeing = row('exact', { guest, migrates: { answer: 'kept', guest: SEES_ANOTHER } });
  expect(judgeMigration(judged(disagreeing))).toBe('kept');
  const changedToo = { ...disagreeing, migrates: { ...CHANGED, guest: SEES_ANOTHER } };
  expect(deviation(judgeMigration(judged(changedToo))).actual).toBe(
    `changed (${value('1')} to ${value('0')})`,
  );
});
