import { expect, test } from '@playwright/test';
import { VmType } from '../../agent/kvm-host.js';
import type { Migration } from '../../record/record.generated.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import { registerNamed, registerTable } from '../../sync/register-table.js';
import { hexValue } from '../classify.js';
import { distinctValue } from '../patterns.js';
import type { Behaviours, SimulatedHost } from '../testing/simulated-vcpu.js';
import { allPlain, simulatedHost } from '../testing/simulated-vcpu.js';
import { probeMigration } from './probe-migration.js';

const OPTIONS = {
  ...{ vmType: VmType.HV, isPapr: true, byteOrder: 'little' as const },
  capabilities: { oneReg: true, hior: true },
};

async function migrated(
  host: SimulatedHost,
  capabilities = OPTIONS.capabilities,
): Promise<Map<string, Migration>> {
  return probeMigration(host.agent, await readRegisterFacts(), { ...OPTIONS, capabilities });
}

const answerOf = async (behaviours: Behaviours, name: string): Promise<Migration | undefined> =>
  (await migrated(simulatedHost(behaviours))).get(name);

const distinct = (name: string): string =>
  hexValue(distinctValue(registerNamed(name)), registerNamed(name));

test('every register of plain storage is kept', async () => {
  const migrations = await migrated(simulatedHost(allPlain()));
  expect(migrations.size).toBe(registerTable().length);
  expect([...new Set([...migrations.values()].map(({ answer }) => answer))]).toEqual(['kept']);
});

test('a register that ONE_REG does not get has no answer', async () => {
  const others = Object.fromEntries(Object.entries(allPlain()).filter(([name]) => name !== 'DSCR'));
  const migrations = await migrated(simulatedHost(others));
  expect(migrations.has('DSCR')).toBe(false);
  expect(migrations.size).toBe(registerTable().length - 1);
  const without = await migrated(simulatedHost(allPlain()), { oneReg: true, hior: false });
  expect(without.has('HIOR')).toBe(false);
});

test('bits that do not follow a put are no loss, and a register without others is untested', async () => {
  expect(await answerOf({ DSCR: { reset: 0x5n, writable: 0xff00n } }, 'DSCR')).toEqual({
    answer: 'kept',
  });
  expect(await answerOf({ DSCR: { writable: 0n } }, 'DSCR')).toEqual({
    answer: 'untested',
    why: 'it holds its fresh value',
  });
});

test('a register that a later put of the restore spoils is changed', async () => {
  const spoiling = { VSCR: {}, TM_VSCR: { writable: 0n, reset: 9n, alsoPuts: 'VSCR' } };
  expect(await answerOf(spoiling, 'VSCR')).toMatchObject({
    answer: 'changed',
    restored: '0x00000009',
  });
});

test('a put that only the second vCPU refuses is refused, with its errno', async () => {
  let puts = 0;
  const DSCR = { putError: () => ((puts += 1) > 2 ? -1 : 0) };
  expect(await answerOf({ DSCR }, 'DSCR')).toEqual({
    ...{ answer: 'refused', errno: 'EPERM', saved: distinct('DSCR') },
  });
});

test('the restore goes in the order of libsprsync: TB_OFFSET before DEC_EXPIRY', async () => {
  // The expiry is answered in the guest's timebase: a TB_OFFSET that comes later moves it.
  const names: string[] = [];
  const note = (name: string) => () => {
    names.push(name);
    return 0;
  };
  await migrated(
    simulatedHost({
      DEC_EXPIRY: { putError: note('DEC_EXPIRY') },
      TB_OFFSET: { putError: note('TB_OFFSET') },
    }),
  );
  expect(names.slice(-2)).toEqual(['TB_OFFSET', 'DEC_EXPIRY']);
});

test('it takes three VMs and four batches, whatever the number of registers', async () => {
  const host = simulatedHost(allPlain());
  await migrated(host);
  expect(host.requests.filter((request) => request === 'VM_CREATE')).toHaveLength(3);
  // Besides these, two to set the byte order of the first guest's interrupts.
  expect(host.batches.filter((size) => size > 1)).toHaveLength(4);
  expect(host.requests.filter((request) => request === 'VM_DESTROY')).toHaveLength(3);
});
