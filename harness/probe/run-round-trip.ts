import PQueue from 'p-queue';
import type { Operation } from '../sync/operation.js';
import type { Register } from '../sync/register-table.js';
import type { RegisterField } from '../record/register-fields.js';
import type { Presence, Trip } from './round-trip.js';
import {
  isKept,
  planBits,
  planFields,
  planPairs,
  readTrips,
  takesItsValueBack,
} from './round-trip.js';

/** Executes operations on a vCPU, and answers them with their values and errors. */
export type Run = (operations: readonly Operation[]) => Promise<Operation[]>;

/** Operations in one request: some 30 ms of a vCPU's time. */
const BATCH = 4000;

/** What a register made of what was put to it. */
export interface RoundTrip {
  /** What its row is made from. */
  readonly trips: readonly Trip[];
  /** All that was asked, those of `trips` first; no more than them of a register that keeps everything. */
  readonly all: readonly Trip[];
}

export interface RoundTripOptions {
  /** The fields of a register: of a register that is not exact, every value of the small ones is put. */
  readonly fieldsOf: (register: Register) => readonly RegisterField[];
  /** Put every bit alone, and fields, of registers that keep the patterns too. */
  readonly isExhaustive?: boolean | undefined;
}

/**
 * What each register made of what was put to it, in the order of `presence`. First come the patterns that
 * tell bits apart in pairs; every bit alone, and every value of small fields, is asked where one of those was
 * not kept. A row is made from the bits, which say which of them are writable; from what else was not kept
 * where the bits all were; and from the patterns where everything was.
 */
export async function roundTrip(
  presence: readonly Presence[],
  run: Run,
  { fieldsOf, isExhaustive = false }: RoundTripOptions,
): Promise<RoundTrip[]> {
  const likely = presence.filter(takesItsValueBack);
  const ofPairs = await inBatches(likely, planPairs, run);
  const unclear = presence.filter(
    (entry) => isExhaustive || ofPairs.get(entry)?.every(isKept) !== true,
  );
  const ofBits = await inBatches(unclear, planBits, run);
  const withFields = (entry: Presence): Operation[] => planFields(entry, fieldsOf(entry.register));
  const ofFields = await inBatches(unclear, withFields, run);
  return presence.map((entry) => {
    const asked = [ofBits, ofPairs, ofFields].map((found) => found.get(entry) ?? []);
    const unkept = asked.find((trips) => !trips.every(isKept));
    if (unkept === undefined) {
      const trips = ofPairs.get(entry) ?? [];
      return { trips, all: trips };
    }
    const others = asked.filter((trips) => trips !== unkept);
    return { trips: unkept, all: [...unkept, ...others.flat()] };
  });
}

/** Two batches are under way: while the vCPU executes one, the one before is read. */
async function inBatches(
  entries: readonly Presence[],
  plan: (entry: Presence) => Operation[],
  run: Run,
): Promise<Map<Presence, Trip[]>> {
  const queue = new PQueue({ concurrency: 2 });
  const plans = entries
    .map((entry) => ({ entry, planned: plan(entry) }))
    .filter(({ planned }) => planned.length > 0);
  const trips = await Promise.all(
    batchesOf(plans).map(async (batch) =>
      queue.add(async () => {
        const executed = await run(batch.flatMap(({ planned }) => planned));
        let start = 0;
        return batch.map(({ entry, planned }) => {
          const answers = executed.slice(start, start + planned.length);
          start += planned.length;
          return [entry, readTrips(entry, answers)] as const;
        });
      }),
    ),
  );
  return new Map(trips.flat());
}

interface Planned {
  readonly entry: Presence;
  readonly planned: readonly Operation[];
}

function batchesOf(plans: readonly Planned[]): Planned[][] {
  const batches: Planned[][] = [];
  let operations = BATCH;
  for (const plan of plans) {
    if (operations >= BATCH) {
      batches.push([]);
      operations = 0;
    }
    batches.at(-1)?.push(plan);
    operations += plan.planned.length;
  }
  return batches;
}
