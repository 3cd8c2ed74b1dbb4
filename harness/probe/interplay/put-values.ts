import type { StateRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
import { allOnes, distinctValue } from '../patterns.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay, ValueOf } from './asked-vcpus.js';
import { answerOf, onVcpu, savedValues } from './asked-vcpus.js';

/** What puts may have a special meaning for. */
const VALUES: readonly (readonly [name: string, value: ValueOf])[] = [
  ['zero', () => 0n],
  ['ones', allOnes],
  ['one', () => 1n],
  ['top-bit', (register) => (allOnes(register) >> 1n) + 1n],
];

/**
 * Whether a put of a special value changes another register: each register in turn is put the value and
 * then what it had; in the end all are got. What is changed by one that comes before it has its own
 * turn later, which hides it: so in their order, and in reverse.
 */
export async function askPutValues(of: Interplay): Promise<StateRecord> {
  const { registers } = of;
  const answers = new StateAnswers();
  answers.say(
    'asked',
    `${VALUES.map(([name]) => name).join(', ')} of ${registers.length} registers`,
  );
  const saved = await savedValues(of);
  for (const [name, value] of VALUES) {
    for (const victim of await victimsOf(of, value, saved)) {
      for (const { changer, before, after } of await changersOf(of, victim, value)) {
        if (changer.overlaps.includes(victim.name)) continue;
        const what = `a put of ${name} to ${changer.name} makes ${victim.name} ${after}`;
        answers.say(`${changer.name}.${name}.${victim.name}`, what, before);
      }
    }
  }
  return answers.record;
}

async function victimsOf(of: Interplay, value: ValueOf, saved: ValueOf): Promise<Register[]> {
  const { registers } = of;
  const seen = await Promise.all(
    [registers, registers.toReversed()].map(async (order) =>
      onVcpu(of, async (vcpu) => {
        await vcpu.putAll(registers, saved);
        const before = await vcpu.answers(registers);
        await vcpu.run(
          order.flatMap((register) => [
            put(register, value(register)),
            put(register, saved(register)),
          ]),
        );
        const after = await vcpu.answers(registers);
        return registers.filter((_, index) => before[index] !== after[index]);
      }),
    ),
  );
  return registers.filter((register) => seen.some((changed) => changed.includes(register)));
}

async function changersOf(
  of: Interplay,
  victim: Register,
  value: ValueOf,
): Promise<{ changer: Register; before: string; after: string }[]> {
  const others = of.registers.filter((register) => register !== victim);
  const executed = await onVcpu(of, async (vcpu) =>
    vcpu.run(
      others.flatMap((changer) => [
        put(changer, distinctValue(changer)),
        ...[put(victim, distinctValue(victim)), get(victim)],
        ...[put(changer, value(changer)), get(victim)],
      ]),
    ),
  );
  return others.flatMap((changer, index) => {
    const [before, after] = [2, 4].map((offset) => executed[index * 5 + offset]);
    if (before === undefined || after === undefined) return [];
    const texts = { before: answerOf(before), after: answerOf(after) };
    return texts.before === texts.after ? [] : [{ changer, ...texts }];
  });
}
