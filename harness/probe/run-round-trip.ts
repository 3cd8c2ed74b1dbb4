import pLimit from 'p-limit';
import type { Operation } from '../sync/operation.js';
import type { Presence, Trip } from './round-trip.js';
import { isKept, planBits, planPairs, readTrips, takesItsValueBack } from './round-trip.js';

/** Executes operations on a vCPU, and answers them with their values and errors. */
export type Run = (operations: readonly Operation[]) => Promise<Operation[]>;

/** Operations in one request: some 30 ms of a vCPU's time. */
const BATCH = 4000;

/**
 * What each register made of what was put to it, in the order of `presence`. First come the patterns that
 * tell bits apart in pairs; every bit alone is asked where one of those was not kept, or everywhere when
 * `isExhaustive`. A register that keeps all of them has the trips of the patterns alone: the bits
 * would say nothing else.
 */
export async function roundTrip(
  presence: readonly Presence[],
  run: Run,
  isExhaustive = false,
): Promise<Trip[][]> {
  const likely = presence.filter(takesItsValueBack);
  const ofPairs = await inBatches(likely, planPairs, run);
  const unclear = presence.filter(
    (entry) => isExhaustive || ofPairs.get(entry)?.every(isKept) !== true,
  );
  const ofBits = await inBatches(unclear, planBits, run);
  return presence.map((entry) => {
    const pairs = ofPairs.get(entry) ?? [];
    const bits = ofBits.get(entry) ?? [];
    // What only a pair shows must not be lost behind bits that are all kept.
    return bits.every(isKept) && pairs.length > 0 ? pairs : bits;
  });
}

/** Two batches are under way: while the vCPU executes one, the next is planned and the one before is read. */
async function inBatches(
  entries: readonly Presence[],
  plan: (entry: Presence) => Operation[],
  run: Run,
): Promise<Map<Presence, Trip[]>> {
  const limit = pLimit(2);
  const trips = await Promise.all(
    batchesOf(entries.map((entry) => ({ entry, planned: plan(entry) }))).map(async (batch) =>
      limit(async () => {
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
