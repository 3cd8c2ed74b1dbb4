import { expect } from '@playwright/test';
import type { CellRecord, RegisterRecord } from '../../record/cell-record.js';
import type { EmulatorRange } from '../../record/record.generated.js';
import { record, row, test } from '../../record/record.fixture.js';
import { toBaseline } from '../baseline.js';
import { judgeCell } from '../judge-cell.js';
import { underQemuOf } from './under-qemu.js';

const NARROW = row('masked', { writable: '0x0000000002020000' });
const WIDE = row('masked', { writable: '0x0000000003820000' });

const range = (version: string, registers?: Record<string, RegisterRecord>): EmulatorRange => ({
  ...{ from: version, to: version },
  differs: registers === undefined ? [] : [{ reason: 'why', registers }],
});

/** A baseline of QEMU 10.0.2 that 7.2.22 answers LPCR otherwise than. */
function measured(kernel: string, lpcr = WIDE, old: RegisterRecord = NARROW): CellRecord {
  const answers = { DABR: row('exact'), LPCR: lpcr };
  return {
    ...toBaseline(record({ kernel, qemu: '10.0.2' }, answers)),
    emulators: [range('7.2.22', { LPCR: old }), range('10.0.2')],
  };
}

const ran = (kernel: string, qemu: string, lpcr: RegisterRecord): CellRecord =>
  record({ kernel, qemu }, { DABR: row('exact'), LPCR: lpcr });

const messagesOf = async (one: CellRecord, baselines: readonly CellRecord[]): Promise<string[]> =>
  (await judgeCell(one, { baselines, issues: [] })).unexcused.map(({ message }) => message);

test("a cell is judged by what its baseline says of the record's QEMU", async () => {
  const baselines = [measured('debian-6.1')];
  expect(await messagesOf(ran('debian-6.1', '7.2.22', NARROW), baselines)).toEqual([]);
  expect(await messagesOf(ran('debian-6.1', '10.0.2', WIDE), baselines)).toEqual([]);
  expect(await messagesOf(ran('debian-6.1', '10.0.2', NARROW), baselines)).toEqual([
    'LPCR on debian-6.1/powernv9: expected writable 0x0000000003820000 (masked since debian-6.1), got writable 0x0000000002020000 [baseline]',
  ]);
  expect(await messagesOf(ran('debian-6.1', '7.2.22', WIDE), baselines)).toEqual([
    'LPCR on debian-6.1/powernv9: expected writable 0x0000000002020000 (masked since debian-6.1), got writable 0x0000000003820000 [baseline]',
  ]);
});

test('versions inside a range are as its ends, and those outside are not known', async () => {
  const baseline = measured('debian-6.1');
  const wider = {
    ...baseline,
    emulators: [{ ...range('7.2.20', { LPCR: NARROW }), to: '7.2.25' }],
  };
  expect(await messagesOf(ran('debian-6.1', '7.2.23', NARROW), [wider])).toEqual([]);
  expect(await messagesOf(ran('debian-6.1', '8.2.0', NARROW), [wider])).toEqual([
    'LPCR on debian-6.1/powernv9: expected writable 0x0000000003820000 (masked since debian-6.1), got writable 0x0000000002020000; the baseline is of QEMU 10.0.2, this record of 8.2.0 [baseline]',
  ]);
});

test('a kernel that was not measured under a QEMU follows the nearest that was', async () => {
  const unmeasured = toBaseline(ran('debian-6.12', '10.0.2', WIDE));
  const baselines = [measured('debian-6.1'), unmeasured];
  expect(await messagesOf(ran('debian-6.12', '7.2.22', NARROW), baselines)).toEqual([]);
  // The emulator's old value or its new one, but no third one.
  expect(await messagesOf(ran('debian-6.12', '7.2.22', WIDE), baselines)).toEqual([]);
  expect(await messagesOf(ran('debian-6.12', '7.2.22', row('exact')), baselines)).toHaveLength(1);
  // What both QEMUs answer alike in the control is the kernel's.
  const lost = { ...ran('debian-6.12', '7.2.22', NARROW) };
  lost.registers = { ...lost.registers, DABR: row('absent') };
  expect((await messagesOf(lost, baselines)).join()).toContain('DABR on debian-6.12/powernv9');
});

test('a control whose value was another one in the first place says nothing of the new one', async () => {
  const other = row('masked', { writable: '0x0000000000000fff' });
  const unmeasured = toBaseline(ran('debian-6.12', '10.0.2', other));
  const baselines = [measured('debian-6.1'), unmeasured];
  const third = row('masked', { writable: '0x000000000000000f' });
  expect(await messagesOf(ran('debian-6.12', '7.2.22', third), baselines)).toEqual([]);
});

test("a record's own calibration counts for more than what others measured", async () => {
  const calibrated = {
    ...ran('debian-6.12', '10.0.2', NARROW),
    calibration: {
      ...{ qemu: 'a'.repeat(64), control: 'debian-6.1' },
      differs: { registers: { LPCR: NARROW } },
    },
  };
  const baselines = [measured('debian-6.1'), measured('debian-6.12')];
  expect(await messagesOf(calibrated, baselines)).toEqual([]);
});

test('a standing rule that only the emulator breaks is not broken by the kernel', async () => {
  const broken = row('lost');
  const baselines = [measured('debian-6.1', WIDE, broken)];
  expect(await messagesOf(ran('debian-6.1', '7.2.22', broken), baselines)).toEqual([]);
  expect((await messagesOf(ran('debian-6.1', '10.0.2', broken), baselines)).join('\n')).toContain(
    '[put-lost]',
  );
  // A user's own kernel has no baseline: the nearest kernel says what the emulator does.
  expect(await messagesOf(ran('file-vmlinux', '7.2.22', broken), baselines)).toEqual([]);
});

test('a standing rule that the kernel breaks everywhere is broken under every emulator', async () => {
  const [mine, old] = [row('lost'), row('lost', { reset: '0x0000000000000001' })];
  const baselines = [measured('debian-6.1', mine, old)];
  const messages = await messagesOf(ran('debian-6.1', '7.2.22', old), baselines);
  expect(messages.map((message) => /\[(.*)\]$/.exec(message)?.[1])).toEqual(['put-lost']);
});

test('records of runs are read as they are', () => {
  const mine = ran('debian-6.1', '7.2.22', NARROW);
  const other = ran('debian-6.12', '10.0.2', WIDE);
  expect(underQemuOf(mine, [measured('debian-6.1')])(other)).toBe(other);
});
