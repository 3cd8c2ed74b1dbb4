import { expect, test } from '@playwright/test';
import { VmType } from '../agent/kvm-host.js';
import { registerNamed, registerTable } from '../sync/register-table.js';
import { isolationRounds, layBlame } from './isolation.js';
import { probeRegisters } from './probe-registers.js';
import type { Behaviours } from './testing/simulated-vcpu.js';
import { simulatedHost } from './testing/simulated-vcpu.js';

type Stored = (name: string) => bigint;

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

/** Two FPRs and the VSRs that they are the upper halves of, as on a sound kernel; with `faults`. */
const floatingPoint = (faults: Behaviours = {}): Behaviours => ({
  FPR30: { sameAs: 'VSR30', shift: 64n },
  FPR31: { sameAs: 'VSR31', shift: 64n },
  VSR30: {},
  VSR31: {},
  ...faults,
});

/** What is said of registers that are not isolated. */
async function blameOf(behaviours: Behaviours): Promise<Record<string, unknown>> {
  const names = Object.keys(behaviours);
  const rows = await probeRegisters(simulatedHost(behaviours).agent, names.map(registerNamed), {
    vmType: VmType.HV,
    isPapr: true,
  });
  const blamed = rows.flatMap(({ aliases, victims }, index): [string, unknown][] =>
    aliases === undefined && victims === undefined
      ? []
      : [[names[index] ?? '', { ...(aliases && { aliases }), ...(victims && { victims }) }]],
  );
  return Object.fromEntries(blamed);
}

test('whoever answers with a neighbour is named, however it comes to it', async () => {
  const toNeighbour = { FPR31: { aliases: ['FPR30', 'VSR30'] } };
  expect(await blameOf(floatingPoint())).toEqual({});
  // Get and put both go to the neighbour: a round trip is clean.
  const both = floatingPoint({ FPR31: { sameAs: 'VSR30', shift: 64n } });
  expect(await blameOf(both)).toEqual(toNeighbour);
  // The get alone; and only while the neighbour is not zero.
  const upper = (value: bigint): bigint => value >> 64n;
  const FPR31 = { sameAs: 'VSR31', shift: 64n };
  const get = { ...FPR31, answers: (_: bigint, of: Stored) => upper(of('VSR30')) };
  expect(await blameOf(floatingPoint({ FPR31: get }))).toMatchObject({
    FPR31: { aliases: expect.arrayContaining(['FPR30']) as string[] },
  });
  const sometimes = { ...FPR31, answers: (own: bigint, of: Stored) => upper(of('VSR30')) || own };
  expect(await blameOf(floatingPoint({ FPR31: sometimes }))).toMatchObject({
    FPR31: { aliases: expect.arrayContaining(['FPR30']) as string[] },
  });
});

test('of counters that have no other id the one that answers with the other names it', async () => {
  const plain = { PMC3: {}, PMC4: {} };
  const get = { ...plain, PMC3: { answers: (_: bigint, of: Stored) => of('PMC4') } };
  expect(await blameOf(get)).toEqual({ PMC3: { aliases: ['PMC4'] } });
  const put = { ...plain, PMC3: { writable: 0n, alsoPuts: 'PMC4' } };
  expect(await blameOf(put)).toEqual({ PMC3: { victims: ['PMC4'] } });
  const exchanged = { PMC3: { sameAs: 'PMC4' }, PMC4: { sameAs: 'PMC3' } };
  // Nothing that ONE_REG can ask: the guest shows it.
  expect(await blameOf(exchanged)).toEqual({});
});

test('a register that is computed from another is that one’s victim, and no alias of it', async () => {
  const sum = { answers: (held: bigint, of: Stored) => held + of('TB_OFFSET') };
  expect(await blameOf({ TB_OFFSET: {}, DEC_EXPIRY: sum })).toEqual({
    TB_OFFSET: { victims: ['DEC_EXPIRY'] },
  });
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
