import type { Operation } from '../sync/operation.js';
import type { Register } from '../sync/register-table.js';
import { bitPatterns, distinctValue, wholePatterns } from './patterns.js';
import { get, put } from './one-reg.js';

/** What a fresh vCPU answered: two gets, the put of the first's value, a get after it. */
export interface Presence {
  readonly register: Register;
  /** Negative errno or 0. */
  readonly getError: number;
  readonly putError: number;
  readonly reset: bigint;
  /** Whether gets with nothing put between them differ. */
  readonly moves: boolean;
  /** Whether another fresh vCPU has another value; unknown until one was asked. */
  readonly differs?: boolean;
}

/** One pattern: what was put, how the put ended, and what the get after it answered. */
export interface Trip {
  readonly put: bigint;
  readonly putError: number;
  readonly got: bigint;
  readonly getError: number;
}

/** Gets every register twice. All gets come before any put, so that all see a fresh vCPU. */
export function planFirstGets(registers: readonly Register[]): Operation[] {
  return registers.flatMap((register) => [get(register), get(register)]);
}

/** Puts back what `planFirstGets` got (zero where that was refused), and gets it again. */
export function planPutBack(
  registers: readonly Register[],
  firstGets: readonly Operation[],
): Operation[] {
  return registers.flatMap((register, index) => [
    put(register, at(firstGets, index * 2).value),
    get(register),
  ]);
}

/** Reads the answers to `planFirstGets` and `planPutBack`. */
export function readPresence(
  registers: readonly Register[],
  firstGets: readonly Operation[],
  putBack: readonly Operation[],
): Presence[] {
  return registers.map((register, index) => {
    const first = at(firstGets, index * 2);
    const second = at(firstGets, index * 2 + 1);
    return {
      register,
      getError: first.error,
      putError: at(putBack, index * 2).error,
      reset: first.value,
      moves: first.error === 0 && second.error === 0 && first.value !== second.value,
    };
  });
}

/** Gets every register of another fresh vCPU. */
export function planResets(registers: readonly Register[]): Operation[] {
  return registers.map((register) => get(register));
}

/** `presence` with what the answers to `planResets` of its registers add: does the value differ? */
export function compareResets(
  presence: readonly Presence[],
  executed: readonly Operation[],
): Presence[] {
  return presence.map((entry, index) => {
    const { error, value } = at(executed, index);
    return { ...entry, differs: error === 0 && value !== entry.reset };
  });
}

/**
 * Puts each register its distinct value, all before the first get: a register that answers with
 * another's value is seen.
 */
export function planDistinct(registers: readonly Register[]): Operation[] {
  return [
    ...registers.map((register) => put(register, distinctValue(register))),
    ...registers.map((register) => get(register)),
  ];
}

/** For each register, the names of those whose distinct value it answered `planDistinct` with. */
export function readAliases(
  registers: readonly Register[],
  executed: readonly Operation[],
): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  registers.forEach((register, index) => {
    const answer = at(executed, registers.length + index);
    if (answer.error !== 0 || answer.value === distinctValue(register)) return;
    const others = registers.filter(
      (other) =>
        other.name !== register.name &&
        !register.overlaps.includes(other.name) &&
        distinctValue(other) === answer.value,
    );
    if (others.length > 0) {
      aliases.set(
        register.name,
        others.map((other) => other.name),
      );
    }
  });
  return aliases;
}

/**
 * A put and a get for every pattern, then the fresh value is put back, so that no register is
 * tested in a state that another's patterns left. A register that cannot be got is put the whole
 * patterns only: no bit of it can be read back.
 */
export function planRoundTrip({ register, getError, reset }: Presence): Operation[] {
  const patterns =
    getError === 0
      ? [...wholePatterns(register), ...bitPatterns(register)]
      : wholePatterns(register);
  const trips = patterns.flatMap((pattern) => [put(register, pattern), get(register)]);
  return getError === 0 ? [...trips, put(register, reset)] : trips;
}

/** Reads the answers to `planRoundTrip`. */
export function readRoundTrip(presence: Presence, executed: readonly Operation[]): Trip[] {
  const trips = presence.getError === 0 ? executed.slice(0, -1) : executed;
  return Array.from({ length: trips.length / 2 }, (_, index) => {
    const putAnswer = at(trips, index * 2);
    const getAnswer = at(trips, index * 2 + 1);
    return {
      put: putAnswer.value,
      putError: putAnswer.error,
      got: getAnswer.value,
      getError: getAnswer.error,
    };
  });
}

function at(operations: readonly Operation[], index: number): Operation {
  const found = operations[index];
  if (found === undefined) throw new RangeError(`no operation ${index} of ${operations.length}`);
  return found;
}
