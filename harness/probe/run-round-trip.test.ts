import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { RegisterField } from '../record/register-fields.js';
import { registerNamed } from '../sync/register-table.js';
import { classify } from './classify.js';
import { allOnes, bitPatterns, pairPatterns, wholePatterns } from './patterns.js';
import type { Presence } from './round-trip.js';
import type { Run } from './run-round-trip.js';
import { roundTrip } from './run-round-trip.js';

const REGISTERS = ['VRSAVE', 'DSCR', 'VR0'].map(registerNamed);
const [VRSAVE, DSCR] = REGISTERS.map((register): Presence => ({
  register,
  getError: 0,
  putError: 0,
  reset: 0n,
  moves: false,
}));
if (VRSAVE === undefined || DSCR === undefined) throw new Error('no such register');

/** A field of 3 bits, and one that is too wide for all its values. */
const fields = (): RegisterField[] => [
  { name: 'WIDE', high: 31, low: 16 },
  { name: 'SMALL', high: 6, low: 4 },
];

/** What a register holds after a put: undefined when the put is refused. */
type Store = (value: bigint) => bigint | undefined;

/** A vCPU with one register; `counts` gets the number of puts of each request. */
function vcpuWith(store: Store, counts: number[] = []): Run {
  let held = 0n;
  return async (operations) => {
    counts.push(operations.filter(({ direction }) => direction === 'put').length);
    return Promise.resolve(
      operations.map((operation) => {
        if (operation.direction === 'get') return { ...operation, error: 0, value: held };
        const next = store(operation.value);
        if (next === undefined) return { ...operation, error: -22 };
        held = next;
        return { ...operation, error: 0 };
      }),
    );
  };
}

/** Faults of one bit with another, and of one alone (`other` is 0 there). */
const FAULTS: Readonly<Record<string, (bit: bigint, other: bigint) => Store>> = {
  'is lost': (bit) => (value) => value & ~bit,
  'is stuck': (bit) => (value) => value | bit,
  'is inverted': (bit) => (value) => value ^ bit,
  'is refused': (bit) => (value) => ((value & bit) === 0n ? value : undefined),
  'is exchanged with another': (bit, other) => (value) =>
    (value & ~(bit | other)) |
    ((value & bit) === 0n ? 0n : other) |
    ((value & other) === 0n ? 0n : bit),
  'is kept only with another': (bit, other) => (value) =>
    (value & other) === 0n ? value & ~bit : value,
  'is kept only without another': (bit, other) => (value) =>
    (value & other) === 0n ? value : value & ~bit,
  'clears another': (bit, other) => (value) => ((value & bit) === 0n ? value : value & ~other),
  'sets another': (bit, other) => (value) => ((value & bit) === 0n ? value : value | other),
  'is a copy of another': (bit, other) => (value) =>
    (value & other) === 0n ? value & ~bit : value | bit,
  'is refused with another': (bit, other) => (value) =>
    (value & bit) !== 0n && (value & other) !== 0n ? undefined : value,
  'is refused without another': (bit, other) => (value) =>
    (value & bit) !== 0n && (value & other) === 0n ? undefined : value,
};

test('whatever one bit does alone or with another, a pattern of pairs is not kept', () => {
  for (const register of REGISTERS) {
    const patterns = [...wholePatterns(register).slice(0, 4), ...pairPatterns(register)];
    const bits = bitPatterns(register);
    const unseen = Object.entries(FAULTS).flatMap(([fault, storeOf]) =>
      bits.flatMap((bit, index) =>
        bits
          .filter((other) => other !== bit)
          .filter((other) => {
            const store = storeOf(bit, other);
            return patterns.every((pattern) => store(pattern) === pattern);
          })
          .map((other) => `bit ${index} ${fault}: ${other.toString(16)}`),
      ),
    );
    expect(unseen).toEqual([]);
  }
});

test('a row says the same as when every bit is put alone', async () => {
  const bit = fc.integer({ min: 0, max: 63 }).map((number) => 1n << BigInt(number));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.values(FAULTS)), bit, bit, async (fault, a, b) => {
      const store = fault(a, b);
      const rows = await Promise.all(
        [false, true].map(async (isExhaustive) => {
          const [trips] = await roundTrip([DSCR], vcpuWith(store), {
            fieldsOf: fields,
            isExhaustive,
          });
          return classify(DSCR, trips ?? { trips: [], all: [] });
        }),
      );
      expect(rows[0]).toEqual(rows[1]);
    }),
  );
});

test('bits are put alone only where a pattern was not kept, or everywhere when that is asked', async () => {
  const puts = async (store: Store, isExhaustive = false): Promise<number[]> => {
    const counts: number[] = [];
    await roundTrip([DSCR], vcpuWith(store, counts), { fieldsOf: fields, isExhaustive });
    return counts;
  };
  // 5 whole patterns and 10 of pairs, or 5 and 64 bits, or 8 values of a field; then the fresh value.
  expect(await puts((value) => value)).toEqual([16]);
  expect(await puts((value) => value & 0xffn)).toEqual([16, 70, 9]);
  expect(await puts((value) => value, true)).toEqual([16, 70, 9]);
});

test('a register that does not take its own value back is put every bit at once', async () => {
  const counts: number[] = [];
  const refusing: Presence = { ...VRSAVE, putError: -22 };
  await roundTrip(
    [refusing],
    vcpuWith(() => undefined, counts),
    { fieldsOf: fields },
  );
  // 5 whole patterns and 32 bits, then 8 values of a field; after both the fresh value.
  expect(counts).toEqual([38, 9]);
});

test('what only a pattern of pairs shows is in the row, though each bit alone is kept', async () => {
  const ones = allOnes(DSCR.register);
  const [pattern = 0n] = pairPatterns(DSCR.register);
  const [trips = { trips: [], all: [] }] = await roundTrip(
    [DSCR],
    vcpuWith((value) => (value === pattern ? ones : value)),
    { fieldsOf: fields },
  );
  expect(classify(DSCR, trips)).toMatchObject({
    support: 'masked',
    note: 'every bit can be 0 and 1, but 0xcccccccccccccccc reads back 0xffffffffffffffff',
  });
});

test('every value of a small field is asked of a register that is not exact, next to its fresh bits', async () => {
  const entry: Presence = { ...DSCR, reset: 0x8f1n };
  const [answers] = await roundTrip(
    [entry],
    vcpuWith((value) => value & 0xfffn),
    { fieldsOf: fields },
  );
  const values = answers?.all.slice(-8).map(({ put }) => put.toString(16));
  expect(values).toEqual(['881', '891', '8a1', '8b1', '8c1', '8d1', '8e1', '8f1']);
});
