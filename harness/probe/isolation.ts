import type { Operation } from '../sync/operation.js';
import type { Register } from '../sync/register-table.js';
import { get, put } from './one-reg.js';
import { distinctValue, otherValue } from './patterns.js';

/** A register whose put changed others, by name, in their order. */
export type Victims = ReadonlyMap<string, readonly string[]>;

/** Who might be whose victim. */
type Pair = readonly [target: Register, victim: Register];

/** One round: `members` are put, `outsiders` are got before and after. */
interface Round {
  readonly members: readonly Register[];
  readonly outsiders: readonly Register[];
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
        put(register, (round & 2) === 0 ? otherValue(register) : distinctValue(register)),
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

/** The operations about a pair; the places of its gets among them follow. */
const PAIR_OPERATIONS = 9;
const [FIRST, SECOND, TARGET, CHANGED, LAST] = [2, 3, 5, 6, 8] as const;

/**
 * Asks about each pair alone, on another fresh vCPU: with the target at zero the victim is put and got
 * twice; both are got when the target was put a value; and the victim once more, with the target at zero again.
 */
export function planConfirmation(
  registers: readonly Register[],
  pairs: readonly Pair[],
): Operation[] {
  return [
    ...registers.map((register) => put(register, distinctValue(register))),
    ...pairs.flatMap(([target, victim]) => [
      ...[put(target, 0n), put(victim, distinctValue(victim))],
      ...[get(victim), get(victim)],
      ...[put(target, otherValue(target)), get(target), get(victim)],
      ...[put(target, 0n), get(victim)],
    ]),
  ];
}

/**
 * What the answers to `planConfirmation` say of registers that are not declared to overlap. What moves by
 * itself (two gets differ) is nobody's victim. A victim that had the target's value, and its own again as
 * soon as the target was zero, was not written: its get answers with the target's value.
 */
export function readConfirmation(
  registers: readonly Register[],
  pairs: readonly Pair[],
  executed: readonly Operation[],
): Entanglement {
  const victims = new Map<string, string[]>();
  const aliases = new Map<string, string[]>();
  pairs.forEach(([target, victim], index) => {
    const start = registers.length + index * PAIR_OPERATIONS;
    const answer = (offset: number): string => answerOf(executed[start + offset]);
    const first = answer(FIRST);
    if (first !== answer(SECOND) || first === answer(CHANGED)) return;
    const isRead = answer(CHANGED) === answer(TARGET) && answer(LAST) === first;
    const [found, of, name] = isRead
      ? [aliases, victim.name, target.name]
      : [victims, target.name, victim.name];
    found.set(of, [...(found.get(of) ?? []), name]);
  });
  return { aliases, victims };
}

/** What is wrong with a register: whose value it answers with, and what its put changes. */
export interface Entanglement {
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly victims: Victims;
}

/**
 * Lays the blame. That a put of A changes what B answers is A's fault when B keeps what is put to it
 * (`keepsPuts`), and B's own, whose get then takes another's value, when it does not. Of two that keep each
 * other's puts the one is wrong that does so with registers of another's storage, and not with its own: FPR31
 * that is FPR30 and VSR30, and not VSR31. Where nothing says which, both are.
 */
export function layBlame(
  { aliases, victims }: Entanglement,
  keepsPuts: (name: string) => boolean,
  overlapsOf: (name: string) => readonly string[] = () => [],
): Entanglement {
  const changes = (target: string, victim: string): boolean =>
    victims.get(target)?.includes(victim) === true;
  const isAstray = (name: string, other: string): boolean =>
    changes(name, other) &&
    changes(other, name) &&
    overlapsOf(other).length > 0 &&
    overlapsOf(other).every((whole) => changes(name, whole) || changes(whole, name)) &&
    !overlapsOf(name).some((whole) => changes(whole, other) || changes(other, whole));
  const blamed = new Map<string, string[]>();
  const answering = new Map([...aliases].map(([name, others]) => [name, [...others]]));
  const blameGet = (name: string, other: string): void => {
    answering.set(name, [...new Set([...(answering.get(name) ?? []), other])]);
  };
  const unblameGet = (name: string, other: string): void => {
    const others = answering.get(name) ?? [];
    answering.set(
      name,
      others.filter((each) => each !== other),
    );
  };
  for (const [target, changed] of victims) {
    for (const name of changed) {
      const both = [[target, name] as const, [name, target] as const];
      const found = both.find(([one, other]) => isAstray(one, other));
      if (found !== undefined) {
        const [astray, right] = found;
        blameGet(astray, right);
        unblameGet(right, astray);
      } else if (keepsPuts(name)) {
        blamed.set(target, [...(blamed.get(target) ?? []), name]);
        unblameGet(name, target);
      } else {
        blameGet(name, target);
      }
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
