import { expect, test } from '@playwright/test';
import type { Migration } from '../../record/record.generated.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import { registerNamed } from '../../sync/register-table.js';
import { SENTINEL } from '../guest/guest-step.js';
import type { StepAnswer } from '../guest/guest-run.js';
import { migrationOf } from './compare-guests.js';

/** What a test says of one register: what was saved, and what came of it. */
interface Case {
  readonly saved?: bigint;
  readonly isUntouched?: boolean;
  readonly refused?: number;
  readonly restored?: bigint;
  readonly before?: bigint;
  readonly read?: StepAnswer;
}

async function migrated(name: string, found: Case): Promise<Migration | undefined> {
  const fact = (await readRegisterFacts()).get(name);
  if (fact === undefined) throw new Error(`no fact of ${name}`);
  const one = <T>(value: T | undefined): Map<string, T> =>
    new Map(value === undefined ? [] : [[name, value]]);
  return migrationOf(
    registerNamed(name),
    fact,
    {
      registers: one(found.saved),
      seen: one(found.before),
      untouched: new Set(found.isUntouched === true ? [name] : []),
    },
    { refused: one(found.refused), registers: one(found.restored), seen: one(found.read) },
  );
}

const done = (value: bigint): StepAnswer => ({ outcome: 'done', value });
const FIVE = '0x0000000000000005';
const SIX = '0x0000000000000006';

test('what is there again is kept; what never was other than fresh is no answer', async () => {
  expect(await migrated('DSCR', { saved: 5n, restored: 5n })).toEqual({ answer: 'kept' });
  expect(await migrated('DSCR', { saved: 0n, restored: 0n, isUntouched: true })).toEqual({
    answer: 'untested',
    why: 'it holds its fresh value',
  });
  expect(await migrated('DSCR', { restored: 5n })).toBeUndefined();
});

test('another value is changed, even one that was fresh; no value says why', async () => {
  expect(await migrated('DSCR', { saved: 5n, restored: 6n })).toEqual({
    ...{ answer: 'changed', saved: FIVE, restored: SIX },
  });
  expect(await migrated('DSCR', { saved: 5n, restored: 6n, isUntouched: true })).toMatchObject({
    answer: 'changed',
  });
  expect(await migrated('DSCR', { saved: 5n })).toEqual({
    ...{ answer: 'changed', saved: FIVE, why: 'ONE_REG does not get it any more' },
  });
});

test('a put that is refused is refused, whatever the register holds', async () => {
  expect(await migrated('DSCR', { saved: 5n, restored: 5n, refused: -22 })).toEqual({
    ...{ answer: 'refused', errno: 'EINVAL', saved: FIVE },
  });
});

test("a counter's values are those of one run and are not kept", async () => {
  const why = 'it counts, so that the values are those of one run';
  expect(await migrated('VTB', { saved: 5n, restored: 5n })).toEqual({ answer: 'kept' });
  expect(await migrated('VTB', { saved: 5n, restored: 0n })).toEqual({ answer: 'changed', why });
  expect(await migrated('VTB', { saved: 5n, restored: 0n, refused: -1 })).toEqual({
    ...{ answer: 'refused', errno: 'EPERM', why },
  });
});

test('the guest says whether it reads what it read before', async () => {
  const guest = async (
    read: StepAnswer | undefined,
    name = 'DSCR',
    before = 5n,
  ): Promise<Migration['guest']> =>
    (
      await migrated(name, {
        ...{ saved: 1n, restored: 1n, before },
        ...(read === undefined ? {} : { read }),
      })
    )?.guest;
  expect(await guest(done(5n))).toEqual({ answer: 'agrees' });
  expect(await guest(done(6n))).toEqual({ answer: 'differs', before: FIVE, after: SIX });
  expect(await guest(done(6n), 'HASHKEYR')).toEqual({ answer: 'differs', before: FIVE });
  expect(await guest({ outcome: 'trapped', vector: 0xf60 })).toEqual({
    ...{ answer: 'traps', vector: '0xf60' },
  });
  expect(await guest({ outcome: 'stopped', why: 'the guest hung' })).toEqual({
    ...{ answer: 'untested', why: 'the guest hung' },
  });
  expect(await guest(done(SENTINEL))).toEqual({ answer: 'not-accessible' });
  expect(await guest(undefined)).toEqual({
    ...{ answer: 'untested', why: 'an access stops the guest' },
  });
});

test('a counter may have counted on, and the cause of an interrupt in FSCR may be another', async () => {
  const seen = { saved: 1n, restored: 1n };
  const counted = await migrated('VTB', { ...seen, before: 5n, read: done(5000n) });
  expect(counted?.guest).toEqual({ answer: 'agrees' });
  const begunAnew = await migrated('VTB', { ...seen, before: 5000n, read: done(5n) });
  expect(begunAnew?.guest).toEqual({ answer: 'differs' });
  const fscr = await migrated('FSCR', { ...seen, before: 5n, read: done((8n << 56n) | 5n) });
  expect(fscr?.guest).toEqual({ answer: 'agrees' });
});

test('there is no answer of a guest that could not read the register before either', async () => {
  expect(await migrated('DSCR', { saved: 5n, restored: 5n, read: done(5n) })).toEqual({
    answer: 'kept',
  });
});
