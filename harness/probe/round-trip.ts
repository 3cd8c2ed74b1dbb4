import type { Operation } from '../sync/operation.js';
import type { Register } from '../sync/register-table.js';
import type { RegisterField } from '../record/register-fields.js';
import {
  bitPatterns,
  distinctValue,
  fieldPatterns,
  pairPatterns,
  wholePatterns,
} from './patterns.js';
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

/** Whether a fresh vCPU has a value that stays, and takes it back. */
export function takesItsValueBack({ getError, putError, moves }: Presence): boolean {
  return getError === 0 && putError === 0 && !moves;
}

/** A put and a get for each of the patterns that tell bits apart in pairs. */
export function planPairs(presence: Presence): Operation[] {
  const { register } = presence;
  return trips(presence, [...wholePatterns(register), ...pairPatterns(register)]);
}

/**
 * A put and a get for every bit alone, after the whole patterns. A register that cannot be got is put the
 * whole patterns only: no bit of it can be read back.
 */
export function planBits(presence: Presence): Operation[] {
  const { register, getError } = presence;
  return trips(
    presence,
    getError === 0
      ? [...wholePatterns(register), ...bitPatterns(register)]
      : wholePatterns(register),
  );
}

/** A put and a get for every value of the fields, with the fresh value's other bits. */
export function planFields(presence: Presence, fields: readonly RegisterField[]): Operation[] {
  const { register, getError, reset } = presence;
  const patterns = getError === 0 ? fieldPatterns(register, fields, reset) : [];
  return patterns.length === 0 ? [] : trips(presence, patterns);
}

/** In the end the fresh value is put back: no register is tested in a state that another's patterns left. */
function trips({ register, getError, reset }: Presence, patterns: readonly bigint[]): Operation[] {
  const asked = patterns.flatMap((pattern) => [put(register, pattern), get(register)]);
  return getError === 0 ? [...asked, put(register, reset)] : asked;
}

/** Reads the answers to `planPairs`, `planBits` or `planFields`. */
export function readTrips(presence: Presence, executed: readonly Operation[]): Trip[] {
  const answers = presence.getError === 0 ? executed.slice(0, -1) : executed;
  return Array.from({ length: answers.length / 2 }, (_, index) => {
    const putAnswer = at(answers, index * 2);
    const getAnswer = at(answers, index * 2 + 1);
    return {
      put: putAnswer.value,
      putError: putAnswer.error,
      got: getAnswer.value,
      getError: getAnswer.error,
    };
  });
}

/** Whether the pattern was accepted, and read back unchanged. */
export function isKept({ put, putError, got, getError }: Trip): boolean {
  return putError === 0 && getError === 0 && got === put;
}

function at(operations: readonly Operation[], index: number): Operation {
  const found = operations[index];
  if (found === undefined) throw new RangeError(`no operation ${index} of ${operations.length}`);
  return found;
}
