import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { RegisterRecord } from '../record/record.generated.js';
import { registerNamed } from '../sync/register-table.js';
import { classify, tableRow, hexValue, untestedRow, writableBits } from './classify.js';
import { bitPatterns, wholePatterns } from './patterns.js';
import type { Presence, Trip } from './round-trip.js';
import type { RoundTrip } from './run-round-trip.js';

/** SPR 3, 64 bits; and a register of 32 bits, in which values are easy to read. */
const DSCR = registerNamed('DSCR');
const VRSAVE = registerNamed('VRSAVE');
const ONES = 0xffff_ffffn;
const PATTERNS = [...wholePatterns(VRSAVE), ...bitPatterns(VRSAVE)];
const EPERM = -1;
const ENXIO = -6;
const EINVAL = -22;

const presence = (changes: Partial<Presence> = {}): Presence => ({
  register: VRSAVE,
  getError: 0,
  putError: 0,
  reset: 0x2an,
  moves: false,
  ...changes,
});

type Answer = Partial<Omit<Trip, 'put'>>;

/** Every pattern, kept unless `answer` says otherwise. */
const tripsWith = (answer: (put: bigint) => Answer = () => ({})): Trip[] =>
  PATTERNS.map((put) => ({ put, putError: 0, got: put, getError: 0, ...answer(put) }));

const refusing = (error: number, isRefused: (put: bigint) => boolean): Trip[] =>
  tripsWith((put) => (isRefused(put) ? { putError: error, got: 0n } : {}));

/** Nothing else was asked. */
const asked = (trips: readonly Trip[]): RoundTrip => ({ trips, all: trips });

/** What classify() says besides the register's description. */
function verdict(entry: Presence, trips: readonly Trip[], aliases?: string[]): unknown {
  const row: Partial<RegisterRecord> = classify(entry, asked(trips), { aliases });
  const { id, size, spr, group, digest, ...rest } = row;
  expect({ id, size, spr, group }).toEqual(tableRow(VRSAVE));
  // Of which it is, a test of its own says.
  expect(digest !== undefined).toBe(rest.exceptions !== undefined);
  return rest;
}

/** Of a register that keeps everything. */
const EXACT = {
  support: 'exact',
  get: 'ok',
  put: 'ok',
  reset: '0x0000002a',
  writable: '0xffffffff',
  refused: [],
};

test('values are lower-case hex, padded to the width of the register', () => {
  expect([hexValue(0xabn, VRSAVE), hexValue(0xabn, DSCR)]).toEqual([
    '0x000000ab',
    '0x00000000000000ab',
  ]);
});

test('a row describes its register by id, width in bits, SPR and group', () => {
  expect(tableRow(DSCR)).toEqual({
    id: '0x1030000000000009',
    size: 64,
    spr: 17,
    group: DSCR.group,
  });
  expect(tableRow(registerNamed('FPR0')).spr).toBeNull();
});

test('a register that was not asked has nothing but its description', () => {
  expect(untestedRow(VRSAVE)).toEqual({
    ...tableRow(VRSAVE),
    support: 'untested',
    get: null,
    put: null,
    reset: null,
    writable: null,
    refused: [],
  });
});

test('exact: every pattern put was accepted and read back unchanged', () => {
  expect(verdict(presence(), tripsWith())).toEqual(EXACT);
});

test('masked: some bits do not follow, whether they stay 0 or 1', () => {
  const stuck = tripsWith((put) => ({ got: (put & 0xffff_fff0n) | 0x3n }));
  expect(verdict(presence(), stuck)).toEqual({
    ...EXACT,
    support: 'masked',
    writable: '0xfffffff0',
    exceptions: [],
  });
});

test('masked, though every bit follows in some pattern: the note shows one that does not', () => {
  const odd = tripsWith((put) => (put === 0x10n ? { got: 0x11n } : {}));
  expect(verdict(presence(), odd)).toEqual({
    ...EXACT,
    support: 'masked',
    exceptions: [{ put: '0x00000010', got: '0x00000011' }],
    note: 'every bit can be 0 and 1, but 0x00000010 reads back 0x00000011',
  });
});

test('lost: puts return success and no bit follows', () => {
  const ignored = tripsWith(() => ({ got: 0x2an }));
  expect(verdict(presence(), ignored)).toEqual({
    ...EXACT,
    support: 'lost',
    writable: '0x00000000',
    exceptions: [],
  });
});

test('restricted: some values are refused, with errno, the first of them and single bits', () => {
  const trips = refusing(EINVAL, (put) => (put & 0x8000_0001n) !== 0n);
  expect(verdict(presence(), trips)).toEqual({
    ...EXACT,
    support: 'restricted',
    writable: '0x7ffffffe',
    exceptions: [],
    refused: [{ errno: 'EINVAL', value: '0xffffffff', bits: '0x80000001' }],
  });
});

test('restricted by several errnos: one entry for each', () => {
  const trips = tripsWith((put) => {
    if (put === ONES) return { putError: EINVAL };
    return put === 4n ? { putError: EPERM } : {};
  });
  expect(verdict(presence(), trips)).toEqual({
    ...EXACT,
    support: 'restricted',
    // Bits 1, 3, 5 ... have kept a 1 in a checkerboard or alone, bit 2 in the other one.
    exceptions: [],
    refused: [
      { errno: 'EINVAL', value: '0xffffffff', bits: '0x00000000' },
      { errno: 'EPERM', value: '0x00000004', bits: '0x00000004' },
    ],
  });
});

test('restricted: the very value that was got is refused, patterns are not', () => {
  expect(verdict(presence({ putError: EINVAL }), tripsWith())).toEqual({
    ...EXACT,
    support: 'restricted',
    put: 'EINVAL',
  });
});

test('get-only: every put is refused; the errno is that of putting back', () => {
  const trips = refusing(EPERM, () => true);
  expect(verdict(presence({ putError: EPERM }), trips)).toEqual({
    ...EXACT,
    support: 'get-only',
    put: 'EPERM',
    writable: null,
  });
});

test('a register that takes back its own value and nothing else is restricted', () => {
  const trips = refusing(EINVAL, () => true);
  expect(verdict(presence(), trips)).toEqual({
    ...EXACT,
    support: 'restricted',
    writable: null,
    refused: [{ errno: 'EINVAL', value: '0x00000000', bits: '0xffffffff' }],
  });
});

test('what a mask does not say is in the exceptions, and any other answer in the digest', () => {
  const mask = (put: bigint): bigint => put & 0xffn;
  const masked = tripsWith((put) => ({ got: mask(put) }));
  // Bits 4 and 5 are a field of which two values are taken for zero.
  const filtered = (put: bigint): bigint => ((put & 0x30n) === 0x30n ? put : put & ~0x30n);
  const trips = tripsWith((put) => ({ got: mask(filtered(put)) }));
  const [row, other] = [trips, masked].map((all) => classify(presence(), asked(all)));
  expect([row?.writable, other?.writable]).toEqual(['0x000000ff', '0x000000ff']);
  expect([row?.exceptions?.slice(0, 2), other?.exceptions]).toEqual([
    [
      { put: '0x00000010', got: '0x00000000' },
      { put: '0x00000020', got: '0x00000000' },
    ],
    [],
  ]);
  const extra = { put: 0x123n, putError: 0, got: 0x23n, getError: 0 };
  const digests = [masked, masked, [...masked, extra]].map(
    (all) => classify(presence(), { trips: masked, all }).digest,
  );
  expect(digests[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(digests[1]).toBe(digests[0]);
  expect(digests[2]).not.toBe(digests[0]);
});

test('put-only: get is refused and puts are accepted; no bit of it is known', () => {
  const blind = tripsWith(() => ({ got: 0n, getError: EINVAL }));
  expect(verdict(presence({ getError: EINVAL, reset: 0n }), blind)).toEqual({
    ...EXACT,
    support: 'put-only',
    get: 'EINVAL',
    reset: null,
    writable: null,
  });
});

test('absent: get and put are refused, each with its errno', () => {
  const trips = tripsWith(() => ({ putError: EINVAL, got: 0n, getError: ENXIO }));
  const entry = presence({ getError: ENXIO, putError: EINVAL, reset: 0n });
  expect(verdict(entry, trips)).toEqual({
    support: 'absent',
    get: 'ENXIO',
    put: 'EINVAL',
    reset: null,
    writable: null,
    refused: [],
  });
});

test('a fresh value that differs between vCPUs is not reported, and the rest is', () => {
  const row = classify(presence({ differs: true }), asked(tripsWith()));
  expect([row.support, row.reset, row.note]).toEqual([
    'exact',
    null,
    'the value differs between fresh vCPUs',
  ]);
});

test('volatile: the value moves by itself, so that no mask and no fresh value is reported', () => {
  expect(verdict(presence({ moves: true }), tripsWith())).toEqual({
    ...EXACT,
    support: 'volatile',
    reset: null,
    writable: null,
    note: 'two gets with nothing put between them differ',
  });
});

test('aliased: the registers whose value it answers with are named', () => {
  expect(verdict(presence(), tripsWith(), ['DSCR', 'DAR'])).toEqual({
    ...EXACT,
    support: 'aliased',
    aliases: ['DSCR', 'DAR'],
  });
});

test('a register that cannot be got after some put is not exact, and the note says after which', () => {
  // A get that fails answers zero, which must not pass for the zero that was put.
  const trips = tripsWith((put) => (put === 0n ? { got: 0n, getError: ENXIO } : {}));
  expect(verdict(presence(), trips)).toEqual({
    ...EXACT,
    support: 'masked',
    exceptions: [],
    note: 'get answers ENXIO after 0x00000000 was put',
  });
});

test('the writable bits are those of any mask that a register applies, whatever its other bits are', () => {
  const bits = fc.bigInt({ min: 0n, max: ONES });
  fc.assert(
    fc.property(bits, bits, (mask, stuck) => {
      const trips = tripsWith((put) => ({ got: (put & mask) | (stuck & ~mask) }));
      expect(writableBits(trips)).toBe(mask);
    }),
  );
});

test('a register with a mask is exact, lost or masked, and nothing else', () => {
  const masks = fc.oneof(fc.bigInt({ min: 0n, max: ONES }), fc.constantFrom(0n, ONES));
  fc.assert(
    fc.property(masks, (mask) => {
      const trips = tripsWith((put) => ({ got: put & mask }));
      const { support } = classify(presence(), asked(trips));
      expect(support).toBe(mask === ONES ? 'exact' : mask === 0n ? 'lost' : 'masked');
    }),
  );
});

test('refused single bits are exactly those that are refused alone', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: ONES }), (mask) => {
      const trips = refusing(EINVAL, (put) => (put & mask) !== 0n);
      const row = classify(presence(), asked(trips));
      expect(row.refused.map(({ bits }) => bits)).toEqual([hexValue(mask, VRSAVE)]);
      expect(row.writable).toBe(hexValue(ONES & ~mask, VRSAVE));
    }),
  );
});
