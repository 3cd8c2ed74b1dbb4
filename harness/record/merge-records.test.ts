import { expect, test } from '@playwright/test';
import type { CellRecord } from './cell-record.js';
import { mergeRecords } from './merge-records.js';
import { errorOf, record, row } from './record.fixture.js';
import type { RecordFile } from './record-files.js';

const file = (shard: string, of: CellRecord): RecordFile => ({
  path: `${shard}/records/${of.cell.kernel}/${of.cell.platform}.json`,
  record: of,
});

test('records of shards become one list in the order of their cells', () => {
  const files = [
    file('2', record({ kernel: 'debian-6.12' })),
    file('1', record({ platform: 'powernv9' })),
    file('1', record({ platform: 'powernv8' })),
  ];
  const { records, repeated } = mergeRecords(files);
  expect(records).toEqual([files[2]?.record, files[1]?.record, files[0]?.record]);
  expect(repeated).toBe(0);
});

test('a cell that two shards recorded alike is there once: times do not matter', () => {
  const first = record();
  const again = { ...first, timings: { bootMs: 1 }, harness: { version: '0.1.0', commit: 'abc' } };
  expect(mergeRecords([file('1', first), file('2', again)])).toEqual({
    records: [first],
    repeated: 1,
  });
});

test('two answers for one register are refused with both files and the first difference', () => {
  const a = record({}, { LPCR: row('exact'), DSCR: row('exact') });
  const b = record({}, { LPCR: row('exact'), DSCR: row('lost') });
  const error = errorOf(() => mergeRecords([file('1', a), file('2', b)]));
  expect([error.code, error.kind, error.describe()]).toEqual([
    'RECORDS_CONTRADICT',
    'usage',
    `cannot merge: debian-6.1/powernv9 has two answers for DSCR
  evidence:
    | 1/records/debian-6.1/powernv9.json: support exact
    | 2/records/debian-6.1/powernv9.json: support lost
  hint: run these cells again from one commit, one mirror and one QEMU, or leave one of the two folders out`,
  ]);
});

test('a register that was asked in one shard alone is a contradiction too', () => {
  const a = record({}, { LPCR: row('exact') });
  const b = record({}, { LPCR: row('untested') });
  expect(errorOf(() => mergeRecords([file('1', a), file('2', b)])).evidence).toEqual([
    '1/records/debian-6.1/powernv9.json: support exact',
    '2/records/debian-6.1/powernv9.json: support untested',
  ]);
});

test('a kernel whose platforms loaded two modules of one name is refused, and they are named', () => {
  const withModules = (of: CellRecord, modules: Record<string, string>): CellRecord => ({
    ...of,
    kernel: { ...of.kernel, modules },
  });
  const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
  const a = withModules(record({ platform: 'powernv8' }), { kvm: one, kvm_hv: one });
  const b = withModules(record({ platform: 'powernv9' }), { kvm: one, kvm_hv: other, vio: one });
  const error = errorOf(() => mergeRecords([file('1', a), file('2', b)]));
  expect([error.message, ...error.evidence]).toEqual([
    'cannot merge: debian-6.1 was run with two modules kvm_hv',
    '1/records/debian-6.1/powernv8.json: sha256 111111111111',
    '2/records/debian-6.1/powernv9.json: sha256 222222222222',
  ]);
  const older = record({ platform: 'powernv10' });
  expect(mergeRecords([file('1', a), file('2', older)]).records).toHaveLength(2);
});

test('one cell on two QEMUs is refused', () => {
  const error = errorOf(() =>
    mergeRecords([file('1', record()), file('2', record({ qemu: '10.0.2' }))]),
  );
  expect([error.message, ...error.evidence]).toEqual([
    'cannot merge: debian-6.1/powernv9 was recorded in two ways',
    '1/records/debian-6.1/powernv9.json: QEMU 7.2.22',
    '2/records/debian-6.1/powernv9.json: QEMU 10.0.2',
  ]);
});

test('one kernel id that means two images is refused, on whatever platforms', () => {
  const other = record({ platform: 'powernv8' });
  const newer = { ...other, kernel: { ...other.kernel, sha256: 'b'.repeat(64) } };
  const error = errorOf(() => mergeRecords([file('1', record()), file('2', newer)]));
  expect([error.message, ...error.evidence]).toEqual([
    'cannot merge: debian-6.1 is two kernels',
    '1/records/debian-6.1/powernv9.json: linux-image-6.1.0-50-powerpc64le 6.1.176-1, sha256 aaaaaaaaaaaa',
    '2/records/debian-6.1/powernv8.json: linux-image-6.1.0-50-powerpc64le 6.1.176-1, sha256 bbbbbbbbbbbb',
  ]);
});
