import { expect, test } from '@playwright/test';
import type { CellRecord } from '../../record/cell-record.js';
import type { EmulatorRange } from '../../record/record.generated.js';
import { record, row } from '../../record/record.fixture.js';
import { toBaseline } from '../baseline.js';
import { emulatorFaults } from './emulator-faults.js';
import type { EmulatorFacts, EmulatorReason } from './emulator-reasons.js';

const REASON: EmulatorReason = {
  ...{ id: 'old-lpcr', qemu: '<8.1.0', platforms: ['powernv9'], registers: ['LPCR'] },
  ...{ what: 'it is old', source: 'cpu-models.c' },
};
const FACTS: EmulatorFacts = { reference: { line: '10.0', why: 'a test' }, reasons: [REASON] };
const OLD = { reason: 'old-lpcr', registers: { LPCR: row('lost') } };

const range = (from: string, to = from, ...differs: EmulatorRange['differs']): EmulatorRange => ({
  from,
  to,
  differs,
});

function baseline(emulators: EmulatorRange[], kernel = 'debian-6.1', qemu = '10.0.2'): CellRecord {
  return { ...toBaseline(record({ kernel, qemu })), emulators };
}

const faultsOf = (...baselines: CellRecord[]): string[] => emulatorFaults(baselines, FACTS);
const GOOD = [range('7.2.22', '7.2.22', OLD), range('10.0.2', '10.0.13'), range('11.1.3')];

test('ranges that are measured, told apart and explained are no problem', () => {
  expect(faultsOf(baseline(GOOD))).toEqual([]);
});

test('ranges that overlap are refused', () => {
  const ranges = [...GOOD.slice(0, 1), range('7.2.20', '7.2.23', OLD), ...GOOD.slice(1)];
  expect(faultsOf(baseline(ranges))).toEqual([
    'debian-6.1/powernv9: QEMU 7.2.20 to 7.2.23 and QEMU 7.2.22 overlap',
  ]);
});

test('a range over more than one release line is refused: nobody measured what is between', () => {
  const ranges = [range('7.2.22', '8.0.0', OLD), ...GOOD.slice(1)];
  expect(faultsOf(baseline(ranges))).toEqual([
    'debian-6.1/powernv9: QEMU 7.2.22 to 8.0.0: it is no range of one release line',
  ]);
});

test('a hole between measured versions of a line is refused', () => {
  const other = { reason: 'old-lpcr', registers: { LPCR: row('absent') } };
  const ranges = [range('7.2.20', '7.2.20', other), ...GOOD];
  expect(faultsOf(baseline(ranges))).toEqual([
    'debian-6.1/powernv9: between QEMU 7.2.20 and 7.2.22 is a hole: they answer differently, and no version between them was measured',
  ]);
});

test('a line that was left out between two, though other kernels were measured there, is refused', () => {
  const gap = baseline([range('7.2.22'), range('11.1.3', '11.1.3')], 'debian-6.12', '11.1.3');
  expect(faultsOf(baseline(GOOD), gap)).toEqual([
    'debian-6.12/powernv9: between QEMU 7.2 and 11.1 is a hole: other kernels on powernv9 were measured under 10.0',
  ]);
});

test('what is as in the baseline, or stands there twice, is refused', () => {
  const same = { reason: 'old-lpcr', registers: { LPCR: row('exact') } };
  expect(faultsOf(baseline([range('7.2.22', '7.2.22', same), ...GOOD.slice(1)]))).toEqual([
    'debian-6.1/powernv9: QEMU 7.2.22: register LPCR is as in the baseline',
  ]);
  expect(faultsOf(baseline([range('7.2.22', '7.2.22', OLD, OLD), ...GOOD.slice(1)]))).toEqual([
    'debian-6.1/powernv9: QEMU 7.2.22: register LPCR stands there more than once',
  ]);
});

test("a baseline's own range is there, and has no difference", () => {
  expect(faultsOf(baseline(GOOD.slice(0, 1)))).toEqual([
    "debian-6.1/powernv9: no range holds the baseline's own QEMU 10.0.2",
  ]);
  const old = baseline(GOOD, 'debian-6.1', '7.2.22');
  expect(faultsOf(old)).toEqual([
    "debian-6.1/powernv9: QEMU 7.2.22: it is the baseline's own, and differs from it",
    'debian-6.1/powernv9: it is of QEMU 7.2.22, but was measured under 10.0.2 of the reference line 10.0',
  ]);
});

test('a difference without a reason, with one that is not there, or that does not cover it, is refused', () => {
  const group = (reason: string | undefined, name: string): EmulatorRange['differs'][number] => ({
    ...(reason === undefined ? {} : { reason }),
    registers: { [name]: row('lost') },
  });
  const groups = [
    OLD,
    { ...group('old-lpcr', 'DSCR') },
    { reason: 'no-such', capabilities: { KVM_CAP_ONE_REG: 0 } },
    { registers: { DABR: row('lost') } },
  ];
  expect(faultsOf(baseline([range('7.2.22', '7.2.22', ...groups), ...GOOD.slice(1)]))).toEqual([
    'debian-6.1/powernv9: QEMU 7.2.22: reason "old-lpcr" does not cover register DSCR',
    'debian-6.1/powernv9: QEMU 7.2.22: "no-such" is no reason of matrix/emulator.json',
    'debian-6.1/powernv9: QEMU 7.2.22: no reason of matrix/emulator.json covers register DABR',
  ]);
});

test('a reason that no baseline needs is refused', () => {
  expect(faultsOf(baseline(GOOD.slice(1)))).toEqual([
    'matrix/emulator.json: reason "old-lpcr": no baseline needs it',
  ]);
});
