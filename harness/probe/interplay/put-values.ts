import type { StateRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { registerTable } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
import { allOnes } from '../patterns.js';
import { StateAnswers } from '../states/state-answers.js';
import type { AskedVcpu, Interplay, ValueOf } from './asked-vcpus.js';
import { answerOf, onVcpu, savedValues } from './asked-vcpus.js';
import { changesOfOtherState } from './other-state.js';

/** What puts may have a special meaning for. */
const VALUES: readonly (readonly [name: string, value: ValueOf])[] = [
  ['zero', () => 0n],
  ['ones', allOnes],
  ['one', () => 1n],
  ['top-bit', (register) => (allOnes(register) >> 1n) + 1n],
];
/** A bit alone, counted from the lowest; in a narrower register, the one that is so far within it. */
const BITS = Array.from({ length: 62 }, (_, index) => index + 1).map(
  (bit) =>
    [
      `bit-${bit}`,
      ({ sizeBytes }: Register): bigint => 1n << BigInt(bit % (sizeBytes * 8)),
    ] as const,
);

/**
 * Whether a put of a special value, or a get that finds it, changes another register, or what KVM_GET_REGS and KVM_GET_SREGS answer:
 * each register in turn is put the value and then what it had; in the end all are got. What is changed by one
 * that comes before it has its own turn later, which hides it: so in their order, and in reverse.
 */
export async function askPutValues(of: Interplay): Promise<StateRecord> {
  const { registers } = of;
  const answers = new StateAnswers();
  const names = [...VALUES.map(([name]) => name), 'what is there', 'each bit'].join(', ');
  answers.say('asked', `${names} of ${registers.length} registers`);
  await sayPutsAgain(of, answers);
  const saved = await savedValues(of);
  const bits = await bitsWithVictims(of, saved);
  for (const [name, value] of [...VALUES, ['same', saved] as const, ...bits]) {
    for (const victim of await victimsOf(of, value, saved)) {
      for (const { changer, before, after } of await changersOf(of, victim, value, saved)) {
        if (changer.overlaps.includes(victim.name)) continue;
        const what = `a put of ${name} to ${changer.name}, and a get of it, makes ${victim.name} ${after}`;
        answers.say(`${changer.name}.${name}.${victim.name}`, what, before);
      }
    }
  }
  for (const [name, value] of [['value', of.first] as const, ...VALUES]) {
    const puts = registerTable()
      .filter((register) => of.rows.get(register.name)?.get !== null)
      .map((register) => [register, [put(register, value(register))]] as const);
    for (const { field, changer, was, is } of await changesOfOtherState(of, puts)) {
      const by = changer?.name ?? 'all';
      answers.say(`${by}.${name}.${field}`, `a put of ${name} to ${by} makes ${field} ${is}`, was);
    }
  }
  return answers.record;
}

/** A put of what a register has already changes nothing. */
async function sayPutsAgain(of: Interplay, answers: StateAnswers): Promise<void> {
  const { holding } = of;
  const executed = await onVcpu(of, async (vcpu) =>
    vcpu.run(
      holding.flatMap((register) => {
        const same = put(register, of.first(register));
        return [put(register, of.second(register)), same, get(register), same, get(register)];
      }),
    ),
  );
  holding.forEach(({ name }, index) => {
    const [once, twice] = [2, 4].map((offset) => executed[index * 5 + offset]);
    if (once === undefined || twice === undefined || answerOf(once) === answerOf(twice)) return;
    answers.say(`${name}.again`, `${answerOf(twice)} after the same put again`, answerOf(once));
  });
}

/** The bits whose puts change another register: asked of one vCPU in each order, which is all that most cost. */
async function bitsWithVictims(of: Interplay, saved: ValueOf): Promise<typeof BITS> {
  const { registers } = of;
  const seen = await inBothOrders(of, saved, async (vcpu, order, before) => {
    const executed = await vcpu.run(
      BITS.flatMap(([, value]) => [
        ...order.flatMap((each) => [put(each, value(each)), put(each, saved(each))]),
        ...registers.map(get),
      ]),
    );
    return BITS.map((_, turn) => {
      const end = (turn + 1) * registers.length * 3;
      const after = executed.slice(end - registers.length, end);
      return after.some((operation, index) => answerOf(operation) !== before[index]);
    });
  });
  return BITS.filter((_, turn) => seen.some((isChanged) => isChanged[turn] === true));
}

async function victimsOf(of: Interplay, value: ValueOf, saved: ValueOf): Promise<Register[]> {
  const { registers } = of;
  const seen = await inBothOrders(of, saved, async (vcpu, order, before) => {
    await vcpu.run(
      order.flatMap((register) => [
        ...[put(register, value(register)), get(register)],
        put(register, saved(register)),
      ]),
    );
    const after = await vcpu.answers(registers);
    return registers.filter((_, index) => before[index] !== after[index]);
  });
  return registers.filter((register) => seen.some((changed) => changed.includes(register)));
}

/** What `ask` says of a vCPU with `saved` in all registers, for their order and for its reverse. */
async function inBothOrders<T>(
  of: Interplay,
  saved: ValueOf,
  ask: (vcpu: AskedVcpu, order: readonly Register[], before: readonly string[]) => Promise<T>,
): Promise<T[]> {
  const { registers } = of;
  return Promise.all(
    [registers, registers.toReversed()].map(async (order) =>
      onVcpu(of, async (vcpu) => {
        await vcpu.putAll(registers, saved);
        return ask(vcpu, order, await vcpu.answers(registers));
      }),
    ),
  );
}

async function changersOf(
  of: Interplay,
  victim: Register,
  value: ValueOf,
  saved: ValueOf,
): Promise<{ changer: Register; before: string; after: string }[]> {
  const others = of.registers.filter((register) => register !== victim);
  const executed = await onVcpu(of, async (vcpu) =>
    vcpu.run(
      others.flatMap((changer) => [
        put(changer, saved(changer)),
        ...[put(victim, of.first(victim)), get(victim)],
        ...[put(changer, value(changer)), get(changer), get(victim)],
      ]),
    ),
  );
  return others.flatMap((changer, index) => {
    const [before, after] = [2, 5].map((offset) => executed[index * 6 + offset]);
    if (before === undefined || after === undefined) return [];
    const texts = { before: answerOf(before), after: answerOf(after) };
    return texts.before === texts.after ? [] : [{ changer, ...texts }];
  });
}
