import { expect, test } from '@playwright/test';
import { VmType } from '../agent/kvm-host.js';
import { rejectionOf } from '../base/testing/errors.js';
import { checkRegister } from '../record/check-register.js';
import type { RegisterRecord } from '../record/record.generated.js';
import { registerNamed, registerTable } from '../sync/register-table.js';
import { tableRow } from './classify.js';
import { probeRegisters } from './probe-registers.js';
import type { Behaviours } from './testing/simulated-vcpu.js';
import { allPlain, simulatedHost } from './testing/simulated-vcpu.js';

const HV = { vmType: VmType.HV, isPapr: true };
const ONES = '0xffffffffffffffff';
const ZERO = '0x0000000000000000';

/** The rows of `names` on a host whose registers behave as `behaviours` say, by name. */
async function probed(
  behaviours: Behaviours,
  names: readonly string[] = Object.keys(behaviours),
): Promise<Record<string, RegisterRecord>> {
  const registers = names.map(registerNamed);
  const rows = await probeRegisters(simulatedHost(behaviours).agent, registers, HV);
  return Object.fromEntries(rows.map((row, index) => [names[index] ?? '', row]));
}

/** The whole row of a register: that of plain storage, with `changes`. */
const rowOf = (name: string, changes: Partial<RegisterRecord> = {}): RegisterRecord => ({
  ...tableRow(registerNamed(name)),
  support: 'exact',
  get: 'ok',
  put: 'ok',
  reset: ZERO,
  writable: ONES,
  refused: [],
  ...changes,
});

/** Of a row that is not exact and that its mask says all of. */
const AS_MASKED = { exceptions: [], digest: expect.any(String) as unknown as string };

test('each behaviour of a register becomes its row', async () => {
  const rows = await probed({
    DSCR: { reset: 0x10n },
    LPCR_64: { reset: 0x5n, writable: 0xff00n },
    DABR: { putError: (value) => ((value & 7n) === 0n ? 0 : -22) },
    HIOR: { reset: 0x2an, writable: 0n },
    PURR: { putError: () => -1 },
    TIDR: { getError: () => -22 },
    SPURR: { step: 1n },
    PPR: { getError: () => -6, putError: () => -22 },
  });
  expect(rows).toEqual({
    DSCR: rowOf('DSCR', { reset: '0x0000000000000010' }),
    LPCR_64: rowOf('LPCR_64', {
      ...AS_MASKED,
      support: 'masked',
      reset: '0x0000000000000005',
      writable: '0x000000000000ff00',
    }),
    DABR: rowOf('DABR', {
      ...AS_MASKED,
      support: 'restricted',
      writable: '0xfffffffffffffff8',
      refused: [{ errno: 'EINVAL', value: ONES, bits: '0x0000000000000007' }],
    }),
    HIOR: rowOf('HIOR', {
      ...AS_MASKED,
      support: 'lost',
      reset: '0x000000000000002a',
      writable: ZERO,
    }),
    PURR: rowOf('PURR', { support: 'get-only', put: 'EPERM', writable: null }),
    TIDR: rowOf('TIDR', { support: 'put-only', get: 'EINVAL', reset: null, writable: null }),
    SPURR: rowOf('SPURR', {
      support: 'volatile',
      reset: null,
      writable: null,
      note: 'two gets with nothing put between them differ',
    }),
    PPR: rowOf('PPR', {
      support: 'absent',
      get: 'ENXIO',
      put: 'EINVAL',
      reset: null,
      writable: null,
    }),
  });
});

test('a register that the kernel does not know is absent, and the others are asked all the same', async () => {
  const rows = await probed({ DSCR: {}, DAR: {} }, ['DSCR', 'PPR', 'DAR']);
  expect(rows).toEqual({
    DSCR: rowOf('DSCR'),
    PPR: rowOf('PPR', {
      support: 'absent',
      get: 'EINVAL',
      put: 'EINVAL',
      reset: null,
      writable: null,
    }),
    DAR: rowOf('DAR'),
  });
});

test('of two registers in one place each is aliased, for its put changes the other', async () => {
  const rows = await probed({ DSCR: { sameAs: 'DAR' }, DAR: {} });
  expect(rows).toEqual({
    DSCR: rowOf('DSCR', { support: 'aliased', victims: ['DAR'] }),
    DAR: rowOf('DAR', { support: 'aliased', victims: ['DSCR'] }),
  });
});

test('registers that are one by architecture are exact', async () => {
  const changes = { reset: '0x00000000', writable: '0xffffffff' };
  expect(await probed({ TSR: { sameAs: 'OR_TSR' }, OR_TSR: {} })).toEqual({
    TSR: rowOf('TSR', changes),
    OR_TSR: rowOf('OR_TSR', changes),
  });
});

test('a register whose get fails in some state is reported with that state', async () => {
  const rows = await probed({ DSCR: { reset: 1n, getError: (held) => (held === 0n ? -6 : 0) } });
  expect(rows).toEqual({
    DSCR: rowOf('DSCR', {
      ...AS_MASKED,
      support: 'masked',
      reset: '0x0000000000000001',
      note: `get answers ENXIO after ${ZERO} was put`,
    }),
  });
});

test('all registers of the table are asked, in its order, in four VMs and a few batches', async () => {
  const host = simulatedHost(allPlain());
  const rows = await probeRegisters(host.agent, registerTable(), HV);
  expect(rows.map(({ id }) => id)).toEqual(
    registerTable().map((register) => tableRow(register).id),
  );
  expect(new Set(rows.map(({ support }) => support))).toEqual(new Set(['exact']));
  const onFreshVcpu = (...batches: string[]): string[] => [
    'VM_CREATE',
    'VCPU_CREATE',
    'ENABLE_CAP',
    ...batches,
    'VM_DESTROY',
  ];
  const vms = host.requests.join(' ').split(/(?<=VM_DESTROY) /);
  const batches = vms.map((requests) => requests.split(' ').length - 4);
  expect(vms).toEqual(batches.map((count) => onFreshVcpu(...ofExecute(count)).join(' ')));
  // 11,600 operations of patterns and 8,000 of isolation.
  expect(batches).toEqual([2, 1, 3, 3]);
  expect(Math.max(...host.batches)).toBeLessThan(5000);
});

const ofExecute = (count: number): string[] => Array<string>(count).fill('EXECUTE');

test('every row that the probes can come to is one that records accept', async () => {
  const isBad = (value: bigint): boolean => (value & 1n) !== 0n;
  const behaviours: Behaviours = {
    ...allPlain(),
    DSCR: { sameAs: 'DAR' },
    LPCR_64: { writable: 0xfn },
    DABR: { putError: (value) => (isBad(value) ? -22 : 0) },
    DABRX: { reset: 1n, putError: (value) => (isBad(value) ? -22 : 0) },
    HIOR: { writable: 0n },
    PURR: { putError: () => -1 },
    // No pattern is three: all that it takes is its own value.
    PPR: { reset: 3n, putError: (value) => (value === 3n ? 0 : -22) },
    TIDR: { getError: () => -22 },
    IAC1: { getError: () => -22, putError: (value) => (isBad(value) ? -22 : 0) },
    IAC2: { getError: () => -22, putError: () => -22 },
    IAC3: { reset: 1n, getError: (held) => (held === 0n ? -6 : 0) },
    SPURR: { step: 1n },
    IC: { step: 1n, putError: () => -1 },
  };
  const rows = await probed(behaviours);
  const names = Object.keys(rows);
  const faults = Object.entries(rows).flatMap(([name, row]) =>
    checkRegister(name, row, names).map((fault) => `${name} (${row.support}): ${fault}`),
  );
  expect(faults).toEqual([]);
});

test('PAPR is enabled only where it is asked for', async () => {
  const host = simulatedHost({ DSCR: {} });
  await probeRegisters(host.agent, [registerNamed('DSCR')], { ...HV, isPapr: false });
  expect(host.requests).not.toContain('ENABLE_CAP');
});

test('an interrupted probe asks nothing more', async () => {
  const host = simulatedHost(allPlain());
  const signal = AbortSignal.abort();
  const error = await rejectionOf(probeRegisters(host.agent, registerTable(), { ...HV, signal }));
  expect([error.code, host.batches]).toEqual(['ABORTED', []]);
});
