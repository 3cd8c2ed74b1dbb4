import { expect, test } from '@playwright/test';
import { VmType } from '../agent/kvm-host.js';
import { registerNamed, registerTable } from '../sync/register-table.js';
import { isolationRounds, layBlame } from './isolation.js';
import { probeRegisters } from './probe-registers.js';
import type { Behaviours } from './testing/simulated-vcpu.js';
import { simulatedHost } from './testing/simulated-vcpu.js';

/** The support and the victims of each register of a simulated host. */
async function isolationOf(
  behaviours: Behaviours,
): Promise<Record<string, [support: string, victims?: string[]]>> {
  const names = Object.keys(behaviours);
  const rows = await probeRegisters(simulatedHost(behaviours).agent, names.map(registerNamed), {
    vmType: VmType.HV,
    isPapr: true,
  });
  return Object.fromEntries(
    rows.map(({ support, victims }, index) => [
      names[index] ?? '',
      victims === undefined ? [support] : [support, victims],
    ]),
  );
}

test('a put that writes another register as well names its victim', async () => {
  expect(await isolationOf({ DSCR: { alsoPuts: 'TAR' }, TAR: {}, PPR: {} })).toEqual({
    DSCR: ['aliased', ['TAR']],
    TAR: ['exact'],
    PPR: ['exact'],
  });
});

test('a put that writes another register instead names its victim', async () => {
  expect(await isolationOf({ DSCR: { alsoPuts: 'TAR', writable: 0n }, TAR: {} })).toEqual({
    DSCR: ['aliased', ['TAR']],
    TAR: ['exact'],
  });
});

test('every register is put in a round in which every other that shares nothing with it is watched', () => {
  const rounds = isolationRounds(registerTable());
  const unseen = registerTable().flatMap((target) =>
    registerTable()
      .filter(
        (victim) =>
          !rounds.some(
            ({ members, outsiders }) => members.includes(target) && outsiders.includes(victim),
          ),
      )
      .filter((victim) => victim !== target && !target.overlaps.includes(victim.name))
      .map((victim) => `${target.name} ${victim.name}`),
  );
  expect(unseen).toEqual([]);
  expect(rounds).toHaveLength(18);
});

test('one victim of one put among all registers is found, and nobody else is blamed', async () => {
  const behaviours = Object.fromEntries(
    registerTable().map(({ name }) => [name, name === 'VRSAVE' ? { alsoPuts: 'WORT' } : {}]),
  );
  const rows = await isolationOf(behaviours);
  const entangled = Object.entries(rows).filter(([, [, victims]]) => victims !== undefined);
  expect(entangled).toEqual([['VRSAVE', ['aliased', ['WORT']]]]);
});

test('registers that overlap by architecture are no victims of each other', async () => {
  expect(await isolationOf({ LPCR: {}, LPCR_64: { sameAs: 'LPCR' }, TAR: {} })).toMatchObject({
    LPCR: [expect.not.stringMatching('aliased')],
    TAR: ['exact'],
  });
});

test('a register that moves by itself is nobody’s victim', async () => {
  const rows = await isolationOf({ TAR: {}, SPURR: { step: 1n }, PPR: {} });
  expect(rows).toMatchObject({ TAR: ['exact'], SPURR: ['volatile'], PPR: ['exact'] });
});

test('a get that answers with another’s value is its own fault, not that of the other’s put', () => {
  const seen = { aliases: new Map(), victims: new Map([['TAR', ['DSCR']]]) };
  const isOfPlainStorage = (name: string): boolean => name !== 'DSCR';
  expect(layBlame(seen, isOfPlainStorage)).toEqual({
    aliases: new Map([['DSCR', ['TAR']]]),
    victims: new Map(),
  });
});

test('a register that keeps its own puts is the victim of another’s put, and answers for itself', () => {
  const seen = { aliases: new Map([['TAR', ['DSCR']]]), victims: new Map([['DSCR', ['TAR']]]) };
  expect(layBlame(seen, () => true)).toEqual({
    aliases: new Map(),
    victims: new Map([['DSCR', ['TAR']]]),
  });
});
