import { expect, test } from '@playwright/test';
import type { Operation } from '../sync/operation.js';
import { PENDING } from '../sync/operation.js';
import { registerNamed } from '../sync/register-table.js';
import { bitPatterns, distinctValue, pairPatterns, wholePatterns } from './patterns.js';
import type { Presence } from './round-trip.js';
import {
  compareResets,
  planBits,
  planDistinct,
  planFirstGets,
  planPairs,
  planPutBack,
  planResets,
  readAliases,
  readPresence,
  readTrips,
} from './round-trip.js';

const DSCR = registerNamed('DSCR');
const DAR = registerNamed('DAR');
const BOTH = [DSCR, DAR];
const EINVAL = -22;
const ENXIO = -6;

/** Operations as short texts. */
const texts = (operations: readonly Operation[]): string[] =>
  operations.map(({ id, direction, value, error }) => {
    const name = BOTH.find((register) => register.id === id)?.name ?? 'unknown';
    return `${direction} ${name}${direction === 'put' ? ` ${value}` : ''}${error === PENDING ? '' : ` ${error}`}`;
  });

/** `operations` with answers: a value or a negative errno each. */
const answered = (operations: readonly Operation[], answers: readonly bigint[]): Operation[] =>
  operations.map((operation, index) => {
    const answer = answers[index] ?? 0n;
    if (answer < 0n) return { ...operation, error: Number(answer) };
    return {
      ...operation,
      error: 0,
      value: operation.direction === 'get' ? answer : operation.value,
    };
  });

const presence = (changes: Partial<Presence> = {}): Presence => ({
  register: DSCR,
  getError: 0,
  putError: 0,
  reset: 7n,
  moves: false,
  ...changes,
});

test('every register is got twice before any is put', () => {
  expect(texts(planFirstGets(BOTH))).toEqual(['get DSCR', 'get DSCR', 'get DAR', 'get DAR']);
});

test('what was got first is put back, zero where nothing was got, and got again', () => {
  const firstGets = answered(planFirstGets(BOTH), [5n, 6n, BigInt(EINVAL), BigInt(EINVAL)]);
  expect(texts(planPutBack(BOTH, firstGets))).toEqual([
    'put DSCR 5',
    'get DSCR',
    'put DAR 0',
    'get DAR',
  ]);
});

test('presence is the first get, the put of its value, and whether two gets differ', () => {
  const gets = planFirstGets(BOTH);
  const firstGets = answered(gets, [5n, 6n, BigInt(EINVAL), BigInt(EINVAL)]);
  const putBack = answered(planPutBack(BOTH, firstGets), [0n, 5n, BigInt(ENXIO), BigInt(EINVAL)]);
  expect(readPresence(BOTH, firstGets, putBack)).toEqual([
    { register: DSCR, getError: 0, putError: 0, reset: 5n, moves: true },
    { register: DAR, getError: EINVAL, putError: ENXIO, reset: 0n, moves: false },
  ]);
});

test('a get that fails the second time is no value that moves', () => {
  const firstGets = answered(planFirstGets([DSCR]), [5n, BigInt(EINVAL)]);
  const [found] = readPresence([DSCR], firstGets, answered(planPutBack([DSCR], firstGets), []));
  expect(found?.moves).toBe(false);
});

test('distinct values are all put before the first get', () => {
  expect(texts(planDistinct(BOTH))).toEqual([
    `put DSCR ${distinctValue(DSCR)}`,
    `put DAR ${distinctValue(DAR)}`,
    'get DSCR',
    'get DAR',
  ]);
});

test("a register that answers with another's distinct value is an alias of that one", () => {
  const value = distinctValue(DAR);
  const executed = answered(planDistinct(BOTH), [0n, 0n, value, value]);
  expect(readAliases(BOTH, executed)).toEqual(new Map([['DSCR', ['DAR']]]));
});

test('a register that keeps its value, loses it or refuses is nobody’s alias', () => {
  for (const answer of [distinctValue(DSCR), 0n, BigInt(EINVAL)]) {
    const executed = answered(planDistinct(BOTH), [0n, 0n, answer, distinctValue(DAR)]);
    expect(readAliases(BOTH, executed)).toEqual(new Map());
  }
});

test('registers that are the same storage by architecture are no aliases', () => {
  const [tsr, orTsr] = [registerNamed('TSR'), registerNamed('OR_TSR')];
  expect(tsr.overlaps).toContain('OR_TSR');
  const value = distinctValue(orTsr);
  const executed = answered(planDistinct([tsr, orTsr]), [0n, 0n, value, value]);
  expect(readAliases([tsr, orTsr], executed)).toEqual(new Map());
});

/** A put and a get of DSCR for each pattern. */
const putsAndGets = (patterns: readonly bigint[]): string[] =>
  patterns.flatMap((pattern) => [`put DSCR ${pattern}`, 'get DSCR']);

test('a round trip puts and gets every pattern, then puts the fresh value back', () => {
  const whole = wholePatterns(DSCR);
  expect(texts(planPairs(presence()))).toEqual([
    ...putsAndGets([...whole, ...pairPatterns(DSCR)]),
    'put DSCR 7',
  ]);
  expect(texts(planBits(presence()))).toEqual([
    ...putsAndGets([...whole, ...bitPatterns(DSCR)]),
    'put DSCR 7',
  ]);
});

test('a register that cannot be got is put the whole patterns only, and nothing back', () => {
  const plan = planBits(presence({ getError: EINVAL, reset: 0n }));
  expect(texts(plan)).toEqual(putsAndGets(wholePatterns(DSCR)));
});

test('the answers to a round trip are read pattern by pattern', () => {
  const entry = presence();
  const answers = planBits(entry).flatMap((_, index) => [BigInt(index)]);
  const trips = readTrips(entry, answered(planBits(entry), answers));
  expect(trips.length).toBe(69);
  expect(trips.map(({ put }) => put)).toEqual([...wholePatterns(DSCR), ...bitPatterns(DSCR)]);
  expect(trips[1]).toEqual({ put: 2n ** 64n - 1n, putError: 0, got: 3n, getError: 0 });
});

test('an answer too few is a defect that is reported', () => {
  expect(() => readPresence(BOTH, answered(planFirstGets([DSCR]), []), [])).toThrow(
    'no operation 0 of 0',
  );
});

test('a value that another fresh vCPU does not have is told apart', () => {
  const first = [presence({ reset: 5n }), presence({ register: DAR, reset: 5n })];
  const executed = answered(planResets(BOTH), [5n, 6n]);
  expect(compareResets(first, executed).map(({ differs }) => differs)).toEqual([false, true]);
  const refused = answered(planResets(BOTH), [BigInt(EINVAL), 5n]);
  expect(compareResets(first, refused).map(({ differs }) => differs)).toEqual([false, false]);
});
