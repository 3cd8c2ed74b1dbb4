import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { CellRecord, RegisterRecord } from './cell-record.js';
import { diffFolders, diffRecords } from './diff-records.js';
import { formatFolderDiff, formatRecordDiff, isSameAnswers } from './format-diff.js';
import type { RecordChanges } from './record.fixture.js';
import { anyRecord, record, row } from './record.fixture.js';

const cell = (changes: RecordChanges, lpcr: RegisterRecord = row('exact')): CellRecord =>
  record(changes, { DSCR: row('exact'), LPCR: lpcr });

const old = cell({ kernel: 'debian-6.1' }, row('absent'));
const recent = cell({ kernel: 'debian-6.12' });

test('a register that changed is told in one sentence and field by field', () => {
  const diff = diffRecords(old, recent);
  expect(diff.registers).toEqual([
    {
      register: 'LPCR',
      changes: [
        { field: 'support', a: 'absent', b: 'exact' },
        { field: 'get', a: 'EINVAL', b: 'ok' },
        { field: 'put', a: 'EINVAL', b: 'ok' },
        { field: 'reset', a: 'none', b: '0x0000000000000000' },
        { field: 'writable', a: 'none', b: '0xffffffffffffffff' },
      ],
      sentence: 'LPCR: absent in debian-6.1, exact in debian-6.12',
    },
  ]);
  expect(diff.cells).toEqual({ a: 'debian-6.1/powernv9', b: 'debian-6.12/powernv9' });
});

const SENTENCES: readonly (readonly [a: RegisterRecord, b: RegisterRecord, sentence: string])[] = [
  [
    row('masked'),
    row('masked', { writable: '0x0000000000000001' }),
    'LPCR: writable 0x3333333333333333 in debian-6.1, writable 0x0000000000000001 in debian-6.12',
  ],
  [
    row('absent', { errno: 'EINVAL' }),
    row('absent', { errno: 'ENXIO' }),
    'LPCR: get EINVAL, put EINVAL in debian-6.1, get ENXIO, put ENXIO in debian-6.12',
  ],
  [
    row('aliased'),
    row('aliased', { aliases: ['DSCR', 'DABR'] }),
    'LPCR: aliases DSCR in debian-6.1, aliases DABR and DSCR in debian-6.12',
  ],
  [row('untested'), row('exact'), 'LPCR: untested in debian-6.1, exact in debian-6.12'],
];

for (const [a, b, sentence] of SENTENCES) {
  test(`"${sentence}"`, () => {
    const found = diffRecords(
      cell({ kernel: 'debian-6.1' }, a),
      cell({ kernel: 'debian-6.12' }, b),
    );
    expect(found.registers.map((each) => each.sentence)).toEqual([sentence]);
  });
}

test('the wording of a note is no difference', () => {
  const noted = cell({}, row('volatile', { note: 'it moves' }));
  expect(diffRecords(noted, cell({}, row('volatile', { note: 'it runs' }))).registers).toEqual([]);
});

test('a register that only one record has is reported', () => {
  const more = record({}, { DSCR: row('exact'), DEXCR: row('masked') });
  const less = record({}, { DSCR: row('exact'), LPCR: row('exact') });
  expect(diffRecords(more, less).registers.map(({ sentence }) => sentence)).toEqual([
    'DEXCR: masked in A, not recorded in B',
    'LPCR: not recorded in A, exact in B',
  ]);
});

test('two sides are called by what tells them apart', () => {
  const nested = 'pseries-p9-nested';
  expect(diffRecords(old, cell({ kernel: 'debian-6.1', platform: nested })).names).toEqual({
    a: 'powernv9',
    b: nested,
  });
  expect(diffRecords(old, cell({ kernel: 'debian-6.12', platform: nested })).names).toEqual({
    a: 'debian-6.1/powernv9',
    b: `debian-6.12/${nested}`,
  });
  expect(diffRecords(old, old).names).toEqual({ a: 'A', b: 'B' });
  expect(diffRecords(old, old, { a: 'mine', b: 'yours' }).names).toEqual({ a: 'mine', b: 'yours' });
});

test('a record does not differ from itself', () => {
  fc.assert(
    fc.property(anyRecord, (any) => {
      expect(diffRecords(any, structuredClone(any))).toMatchObject({ registers: [], facts: [] });
    }),
  );
});

test('the difference the other way round has the sides exchanged', () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, (a, b) => {
      const exchanged = diffRecords(b, a)
        .registers.map(({ register, changes }) => ({
          register,
          changes: changes.map((change) => ({ ...change, a: change.b, b: change.a })),
        }))
        .sort((x, y) => (x.register < y.register ? -1 : 1));
      const straight = diffRecords(a, b)
        .registers.map(({ register, changes }) => ({ register, changes }))
        .sort((x, y) => (x.register < y.register ? -1 : 1));
      expect(straight).toEqual(exchanged);
    }),
  );
});

test('facts of the machine are told apart from registers', () => {
  const diff = diffRecords(old, cell({ kernel: 'debian-6.12', qemu: '10.0.2' }));
  expect(diff.facts.map(({ fact }) => fact)).toEqual([
    'QEMU',
    'kernel release',
    'kernel version',
    'kernel package',
  ]);
  expect(formatRecordDiff(diff)).toBe(
    `debian-6.1/powernv9 and debian-6.12/powernv9: 1 of 2 registers differs
  (QEMU: 7.2.22 in debian-6.1, 10.0.2 in debian-6.12)
  LPCR: absent in debian-6.1, exact in debian-6.12`,
  );
});

test('two runs of one cell tell which kernel they had', () => {
  const a = cell({ release: '6.1.0-49-powerpc64le' });
  expect(formatRecordDiff(diffRecords(a, cell({}), { a: 'old', b: 'new' }))).toBe(
    `debian-6.1/powernv9: old and new: no difference in 2 registers
  (kernel release: 6.1.0-49-powerpc64le in old, 6.1.0-50-powerpc64le in new)
  (kernel package: linux-image-6.1.0-49-powerpc64le 6.1.176-1 in old, linux-image-6.1.0-50-powerpc64le 6.1.176-1 in new)`,
  );
});

const pairsOf = (a: readonly CellRecord[], b: readonly CellRecord[]): string[] =>
  diffFolders(a, b).pairs.map(({ cells }) => `${cells.a} ${cells.b}`);

const [v8, v9] = [{ platform: 'powernv8' }, { platform: 'powernv9' }];

test('two folders are compared cell by cell, and what one lacks is named', () => {
  const a = [cell({ kernel: 'debian-6.1', ...v8 }), old];
  const b = [cell({ kernel: 'debian-6.1', ...v9 }), recent];
  const diff = diffFolders(a, b);
  expect(formatFolderDiff(diff, { a: 'first', b: 'second' })).toBe(
    `debian-6.1/powernv9: A and B: 1 of 2 registers differs
  LPCR: absent in A, exact in B
only in first: debian-6.1/powernv8
only in second: debian-6.12/powernv9`,
  );
  expect(isSameAnswers(diff)).toBe(false);
  expect(isSameAnswers(diffFolders(a, a))).toBe(true);
});

test('two kernels are compared platform by platform', () => {
  const a = [cell({ kernel: 'debian-6.1', ...v8 }), cell({ kernel: 'debian-6.1', ...v9 })];
  const b = [cell({ kernel: 'debian-6.12', ...v9 }), cell({ kernel: 'debian-6.12', ...v8 })];
  expect(pairsOf(a, b)).toEqual([
    'debian-6.1/powernv8 debian-6.12/powernv8',
    'debian-6.1/powernv9 debian-6.12/powernv9',
  ]);
});

test('a platform with two other kernels on a side has no partner', () => {
  const a = [old, cell({ kernel: 'debian-5.10', ...v8 })];
  const b = [recent, cell({ kernel: 'debian-7.2', ...v9 })];
  expect(diffFolders(a, b)).toEqual({
    pairs: [],
    onlyA: ['debian-6.1/powernv9', 'debian-5.10/powernv8'],
    onlyB: ['debian-6.12/powernv9', 'debian-7.2/powernv9'],
  });
});

test('two single records are compared whatever they are', () => {
  expect(pairsOf([old], [cell({ kernel: 'debian-6.12', ...v8 })])).toEqual([
    'debian-6.1/powernv9 debian-6.12/powernv8',
  ]);
  expect(formatFolderDiff(diffFolders([], []))).toBe('nothing to compare');
});
