import type { StateRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
import { distinctValue } from '../patterns.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay } from './asked-vcpus.js';
import { answerOf, onVcpu } from './asked-vcpus.js';

/**
 * Whether a get changes nothing. All registers are put, got in their order and again, put again, and
 * got in reverse: one that another's get changes has been got before that in one direction, and one that
 * its own get changes is seen by the second get. Who changed it is asked of each pair alone.
 */
export async function askQuietGets(of: Interplay): Promise<StateRecord> {
  const { registers } = of;
  const readable = registersRead(of);
  const answers = new StateAnswers();
  answers.say('asked', `gets of ${readable.length} registers`);
  const suspects = await onVcpu(of, async (vcpu) => {
    const reversed = readable.toReversed();
    await vcpu.putAll(registers, distinctValue);
    const first = await vcpu.answers(readable);
    const again = await vcpu.answers(readable);
    await vcpu.putAll(registers, distinctValue);
    const backwards = (await vcpu.answers(reversed)).reverse();
    return readable.filter(
      (register, index) =>
        registers.includes(register) &&
        (first[index] !== again[index] || first[index] !== backwards[index]),
    );
  });
  for (const victim of suspects) {
    const found = await changersOf(of, victim, readable);
    for (const { changer, before, after } of found) {
      answers.say(`${victim.name}.${changer.name}`, `a get makes it ${after}`, before);
    }
  }
  return answers.record;
}

function registersRead({ rows, registers }: Interplay): Register[] {
  return registers.filter(({ name }) => rows.get(name)?.get === 'ok');
}

async function changersOf(
  of: Interplay,
  victim: Register,
  readable: readonly Register[],
): Promise<{ changer: Register; before: string; after: string }[]> {
  const value = distinctValue(victim);
  const executed = await onVcpu(of, async (vcpu) =>
    vcpu.run(
      readable.flatMap((changer) => [
        // Alone: what a get after a put answers, without the other's get between them.
        ...[put(victim, value), get(victim)],
        ...[put(victim, value), get(changer), get(victim)],
      ]),
    ),
  );
  return readable.flatMap((changer, index) => {
    const [alone, after] = [1, 4].map((offset) => executed[index * 5 + offset]);
    if (alone === undefined || after === undefined || answerOf(alone) === answerOf(after))
      return [];
    return [{ changer, before: answerOf(alone), after: answerOf(after) }];
  });
}
