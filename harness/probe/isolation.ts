import type { Operation } from '../sync/operation.js';
import type { Register } from '../sync/register-table.js';
import { get, put } from './one-reg.js';
import { allOnes, distinctValue } from './patterns.js';

/** A register whose put changed others, by name, in their order. */
export type Victims = ReadonlyMap<string, readonly string[]>;

/** The other distinct value of a register: no bit of it is that of `distinctValue`. */
function otherValue(register: Register): bigint {
  return ~distinctValue(register) & allOnes(register);
}

/**
 * Probe 4 of DESIGN.md: puts each register its distinct value, gets all twice, then puts one after
 * the other its other value, and gets all after each. `registers` can be got and put.
 */
export function planIsolation(registers: readonly Register[]): Operation[] {
  return [
    ...registers.map((register) => put(register, distinctValue(register))),
    ...registers.map(get),
    ...registers.map(get),
    ...registers.flatMap((target) => [put(target, otherValue(target)), ...registers.map(get)]),
  ];
}

/**
 * For each register, those that changed when it was put and are not declared to overlap it. What
 * moves by itself (two gets differ) is nobody's victim.
 */
export function readIsolation(
  registers: readonly Register[],
  executed: readonly Operation[],
): Victims {
  const count = registers.length;
  const round = (start: number): readonly Operation[] => executed.slice(start, start + count);
  const settled = round(2 * count);
  const moving = new Set(
    registers.filter((_, index) => answerOf(round(count)[index]) !== answerOf(settled[index])),
  );
  const victims = new Map<string, readonly string[]>();
  let before = settled;
  registers.forEach((target, at) => {
    const after = round(3 * count + at * (count + 1) + 1);
    const changed = registers.filter(
      (register, index) =>
        register.name !== target.name &&
        !moving.has(register) &&
        !target.overlaps.includes(register.name) &&
        answerOf(before[index]) !== answerOf(after[index]),
    );
    if (changed.length > 0)
      victims.set(
        target.name,
        changed.map(({ name }) => name),
      );
    before = after;
  });
  return victims;
}

/**
 * Asks once more, on another fresh vCPU, about each pair that `readIsolation` found: the victim is
 * got twice before the put and once after it.
 */
export function planConfirmation(registers: readonly Register[], victims: Victims): Operation[] {
  return [
    ...registers.map((register) => put(register, distinctValue(register))),
    ...pairsOf(registers, victims).flatMap(([target, victim]) => [
      put(target, distinctValue(target)),
      put(victim, distinctValue(victim)),
      ...[get(victim), get(victim)],
      ...[put(target, otherValue(target)), get(victim)],
    ]),
  ];
}

/** The pairs of `victims` that the answers to `planConfirmation` show again. */
export function readConfirmation(
  registers: readonly Register[],
  victims: Victims,
  executed: readonly Operation[],
): Victims {
  const confirmed = new Map<string, string[]>();
  pairsOf(registers, victims).forEach(([target, victim], index) => {
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

function pairsOf(
  registers: readonly Register[],
  victims: Victims,
): readonly (readonly [target: Register, victim: Register])[] {
  return registers.flatMap((target) =>
    registers
      .filter(({ name }) => victims.get(target.name)?.includes(name) === true)
      .map((victim) => [target, victim] as const),
  );
}

/** A get's value, or its errno where it was refused: a register can change from one to the other. */
function answerOf(operation: Operation | undefined): string {
  if (operation === undefined) throw new RangeError('an operation has no answer');
  return operation.error === 0 ? `value ${operation.value}` : `errno ${operation.error}`;
}
