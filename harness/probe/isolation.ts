import type { Operation } from '../sync/operation.js';
import type { Register } from '../sync/register-table.js';
import { get, put } from './one-reg.js';
import { allOnes, distinctValue } from './patterns.js';

/** A register whose put changed others, by name, in their order. */
export type Victims = ReadonlyMap<string, readonly string[]>;

/** Who might be whose victim. */
type Pair = readonly [target: Register, victim: Register];

/** One round: `members` are put, `outsiders` are got before and after. */
interface Round {
  readonly members: readonly Register[];
  readonly outsiders: readonly Register[];
}

/** The other distinct value of a register: no bit of it is that of `distinctValue`. */
function otherPattern(register: Register): bigint {
  return ~distinctValue(register) & allOnes(register);
}

/**
 * Rounds in which every register is put while every other that shares no storage with it is
 * watched: each set of overlapping registers has a number, and for each bit of the numbers those that
 * have it set are put in one round, the others in the next. 310 registers take 18 rounds instead of 310.
 */
export function isolationRounds(registers: readonly Register[]): Round[] {
  const sets = overlapSets(registers);
  const bits = Math.ceil(Math.log2(Math.max(2, new Set(sets.values()).size)));
  return Array.from({ length: 2 * bits }, (_, round) => {
    const isMember = (register: Register): boolean =>
      (((sets.get(register) ?? 0) >> (round >> 1)) & 1) === (round & 1);
    return {
      members: registers.filter(isMember),
      outsiders: registers.filter((register) => !isMember(register)),
    };
  });
}

/** The number of each register's set: registers that overlap, directly or by another, share one. */
function overlapSets(registers: readonly Register[]): Map<Register, number> {
  const byName = new Map(registers.map((register) => [register.name, register]));
  const sets = new Map<Register, number>();
  let count = 0;
  const mark = (register: Register): void => {
    if (sets.has(register)) return;
    sets.set(register, count);
    for (const name of register.overlaps) {
      const other = byName.get(name);
      if (other !== undefined) mark(other);
    }
  };
  for (const register of registers) {
    if (sets.has(register)) continue;
    mark(register);
    count += 1;
  }
  return sets;
}

/**
 * The isolation probe: puts each register its distinct value, then plays `isolationRounds`.
 * `registers` can be got and put.
 */
export function planIsolation(registers: readonly Register[]): Operation[] {
  return [
    ...registers.map((register) => put(register, distinctValue(register))),
    ...isolationRounds(registers).flatMap(({ members, outsiders }, round) => [
      ...outsiders.map(get),
      // Every other bit of the numbers: each register is put both values.
      ...members.map((register) =>
        put(register, (round & 2) === 0 ? otherPattern(register) : distinctValue(register)),
      ),
      ...outsiders.map(get),
    ]),
  ];
}

/**
 * The pairs that `planConfirmation` has to ask: who changed in a round, with everybody that was put
 * in it.
 */
export function readIsolation(
  registers: readonly Register[],
  executed: readonly Operation[],
): Pair[] {
  const suspects = new Map<Register, Set<Register>>();
  const suspect = (target: Register, victim: Register): void => {
    if (target !== victim && !target.overlaps.includes(victim.name))
      suspects.set(target, (suspects.get(target) ?? new Set()).add(victim));
  };
  let start = registers.length;
  for (const { members, outsiders } of isolationRounds(registers)) {
    const after = start + outsiders.length + members.length;
    outsiders.forEach((victim, index) => {
      if (answerOf(executed[start + index]) === answerOf(executed[after + index])) return;
      for (const target of members) suspect(target, victim);
    });
    start = after + outsiders.length;
  }
  return registers.flatMap((target) =>
    registers
      .filter((victim) => suspects.get(target)?.has(victim) === true)
      .map((victim): Pair => [target, victim]),
  );
}

/**
 * Asks about each pair alone, on another fresh vCPU: the victim is got twice before the put and once
 * after it.
 */
export function planConfirmation(
  registers: readonly Register[],
  pairs: readonly Pair[],
): Operation[] {
  return [
    ...registers.map((register) => put(register, distinctValue(register))),
    ...pairs.flatMap(([target, victim]) => [
      put(target, distinctValue(target)),
      put(victim, distinctValue(victim)),
      ...[get(victim), get(victim)],
      ...[put(target, otherPattern(target)), get(victim)],
    ]),
  ];
}

/**
 * For each register, those that changed when it was put and are not declared to overlap it. What
 * moves by itself (two gets differ) is nobody's victim.
 */
export function readConfirmation(
  registers: readonly Register[],
  pairs: readonly Pair[],
  executed: readonly Operation[],
): Victims {
  const confirmed = new Map<string, string[]>();
  pairs.forEach(([target, victim], index) => {
    const start = registers.length + index * 6;
    const [first, second, last] = [2, 3, 5].map((offset) => answerOf(executed[start + offset]));
    if (first !== second || second === last) return;
    confirmed.set(target.name, [...(confirmed.get(target.name) ?? []), victim.name]);
  });
  return confirmed;
}

/** What is wrong with a register: whose value it answers with, and what its put changes. */
export interface Entanglement {
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly victims: Victims;
}

/**
 * Lays the blame. That a put of A changes what B answers is A's fault when B keeps what is put to it
 * (`keepsPuts`), and B's own, whose get then takes another's value, when it does not.
 */
export function layBlame(
  { aliases, victims }: Entanglement,
  keepsPuts: (name: string) => boolean,
): Entanglement {
  const blamed = new Map<string, string[]>();
  const answering = new Map([...aliases].map(([name, others]) => [name, [...others]]));
  for (const [target, changed] of victims) {
    const kept = changed.filter(keepsPuts);
    if (kept.length > 0) blamed.set(target, kept);
    for (const name of changed) {
      const others = (answering.get(name) ?? []).filter((other) => other !== target);
      answering.set(name, keepsPuts(name) ? others : [...others, target]);
    }
  }
  return {
    aliases: new Map([...answering].filter(([, others]) => others.length > 0)),
    victims: blamed,
  };
}

/** A get's value, or its errno where it was refused: a register can change from one to the other. */
function answerOf(operation: Operation | undefined): string {
  if (operation === undefined) throw new RangeError('an operation has no answer');
  return operation.error === 0 ? `value ${operation.value}` : `errno ${operation.error}`;
}
