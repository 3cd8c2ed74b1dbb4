import { sha256 } from '../base/files.js';
import type { RegisterRecord, Refusal, RoundTripException } from '../record/record.generated.js';
import type { TableRow } from '../record/row-fields.js';
import { unaskedRow } from '../record/row-fields.js';
import { errnoName } from '../sync/errno.js';
import type { Register } from '../sync/register-table.js';
import { allOnes } from './patterns.js';
import type { Presence, Trip } from './round-trip.js';
import { isKept } from './round-trip.js';
import type { RoundTrip } from './run-round-trip.js';

/** A value as records hold it: lower-case hex, padded to the register's width. */
export function hexValue(value: bigint, register: Register): string {
  return `0x${value.toString(16).padStart(register.sizeBytes * 2, '0')}`;
}

/** The fields of a record's row that come from the register table alone. */
export function tableRow(register: Register): TableRow {
  return {
    id: `0x${register.id.toString(16).padStart(16, '0')}`,
    size: (register.sizeBytes * 8) as RegisterRecord['size'],
    spr: register.spr ?? null,
    group: register.group,
  };
}

/** The row of a register that was not asked. */
export function untestedRow(register: Register): RegisterRecord {
  return unaskedRow(tableRow(register));
}

/** The other registers that a register has to do with, though the table declares no overlap. */
export interface Relations {
  /** Registers whose value it answers with. */
  readonly aliases?: readonly string[] | undefined;
  /** Registers that change when it is put. */
  readonly victims?: readonly string[] | undefined;
}

/** What the probes saw of one register, as a record's row (DESIGN, "What a register can do"). */
export function classify(
  presence: Presence,
  { trips, all }: RoundTrip,
  { aliases = [], victims = [] }: Relations = {},
): RegisterRecord {
  const { register, getError, putError, reset } = presence;
  const canGet = getError === 0;
  const accepted = trips.filter(isAccepted);
  const support = supportOf(presence, trips, aliases.length + victims.length > 0);
  const hasWritable = canGet && accepted.length > 0 && support !== 'volatile';
  const isExact = trips.every(isKept);
  const row: RegisterRecord = {
    ...tableRow(register),
    support,
    get: canGet ? 'ok' : errnoName(getError),
    put: putError === 0 ? 'ok' : errnoName(putError),
    reset: canGet && !hasNoReset(presence) ? hexValue(reset, register) : null,
    writable: hasWritable ? hexValue(writableBits(accepted), register) : null,
    refused: canPut(presence, trips) ? refusals(register, trips) : [],
  };
  if (hasWritable && !isExact) {
    row.exceptions = exceptions(presence, writableBits(accepted), all);
    row.digest = digestOf(all);
  }
  const [firstAlias, ...otherAliases] = aliases;
  if (firstAlias !== undefined) row.aliases = [firstAlias, ...otherAliases];
  const [firstVictim, ...otherVictims] = victims;
  if (firstVictim !== undefined) row.victims = [firstVictim, ...otherVictims];
  const note = noteOf(presence, trips, support);
  return note === undefined ? row : { ...row, note };
}

/** Whether a fresh vCPU has no value of its own: a baseline must not hold what a run happened to see. */
function hasNoReset({ moves, differs }: Presence): boolean {
  return moves || differs === true;
}

function supportOf(
  presence: Presence,
  trips: readonly Trip[],
  isAliased: boolean,
): RegisterRecord['support'] {
  const canGet = presence.getError === 0;
  const accepted = trips.filter(isAccepted);
  if (!canGet) return canPut(presence, trips) ? 'put-only' : 'absent';
  if (isAliased) return 'aliased';
  if (presence.moves) return 'volatile';
  if (!canPut(presence, trips)) return 'get-only';
  if (accepted.length < trips.length || presence.putError !== 0) return 'restricted';
  if (trips.every(isKept)) return 'exact';
  return writableBits(accepted) === 0n ? 'lost' : 'masked';
}

/** Whether any put was accepted, be it of the fresh value alone. */
function canPut({ putError }: Presence, trips: readonly Trip[]): boolean {
  return putError === 0 || trips.some((trip) => trip.putError === 0);
}

/** Whether the put succeeded. */
export function isAccepted({ putError }: Trip): boolean {
  return putError === 0;
}

/** Bits that kept both a 0 and a 1. */
export function writableBits(accepted: readonly Trip[]): bigint {
  let keptOne = 0n;
  let keptZero = 0n;
  for (const { put, got, getError } of accepted) {
    if (getError !== 0) continue;
    keptOne |= put & got;
    // Of ~put & ~got only the register's own bits matter; keptOne masks the rest away.
    keptZero |= ~put & ~got;
  }
  return keptOne & keptZero;
}

function refusals(register: Register, trips: readonly Trip[]): Refusal[] {
  const byErrno = new Map<number, { first: bigint; bits: bigint }>();
  for (const { put, putError } of trips) {
    if (putError === 0) continue;
    const entry = byErrno.get(putError) ?? { first: put, bits: 0n };
    const isSingleBit = put !== 0n && (put & (put - 1n)) === 0n;
    byErrno.set(putError, { ...entry, bits: isSingleBit ? entry.bits | put : entry.bits });
  }
  return [...byErrno].map(([error, { first, bits }]) => ({
    errno: errnoName(error),
    value: hexValue(first, register),
    bits: hexValue(bits, register),
  }));
}

/** How many exceptions a row has at most; the digest has them all. */
const EXCEPTIONS = 8;

/** Accepted puts that do not read back as the mask says, those of the fewest bits first: they say most. */
function exceptions(
  { register, reset }: Presence,
  writable: bigint,
  trips: readonly Trip[],
): RoundTripException[] {
  const accepted = trips.filter((trip) => isAccepted(trip) && trip.getError === 0);
  const fixed = (accepted.find(({ put }) => put === 0n)?.got ?? reset) & ~writable;
  const odd = accepted.filter(({ put, got }) => got !== ((put & writable) | fixed));
  const byPut = new Map(odd.map((trip) => [trip.put, trip] as const));
  return [...byPut.values()]
    .sort((a, b) => bitCount(a.put) - bitCount(b.put))
    .slice(0, EXCEPTIONS)
    .map(({ put, got }) => ({ put: hexValue(put, register), got: hexValue(got, register) }));
}

const bitCount = (value: bigint): number => value.toString(2).replaceAll('0', '').length;

/** A digest of every put and its answers: two registers that answer alike have the same. */
function digestOf(trips: readonly Trip[]): string {
  const text = trips.map(({ put, putError, got, getError }) =>
    [put, putError, putError === 0 ? got : '-', getError].join(' '),
  );
  return sha256(text.join('\n')).slice(0, 16);
}

function noteOf(
  { register, moves, differs }: Presence,
  trips: readonly Trip[],
  support: RegisterRecord['support'],
): string | undefined {
  if (moves) return 'two gets with nothing put between them differ';
  const broken = trips.find((trip) => trip.putError === 0 && trip.getError !== 0);
  if (broken !== undefined && support !== 'put-only') {
    return `get answers ${errnoName(broken.getError)} after ${hexValue(broken.put, register)} was put`;
  }
  if (support === 'masked' && writableBits(trips) === allOnes(register)) {
    const odd = trips.find((trip) => trip.got !== trip.put);
    if (odd !== undefined) {
      return `every bit can be 0 and 1, but ${hexValue(odd.put, register)} reads back ${hexValue(odd.got, register)}`;
    }
  }
  return differs === true ? 'the value differs between fresh vCPUs' : undefined;
}
