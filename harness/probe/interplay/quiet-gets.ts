import type { StateRecord } from '../../record/record.generated.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { registerTable } from '../../sync/register-table.js';
import { culprit } from '../culprit.js';
import { get, put } from '../one-reg.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay, ValueOf } from './asked-vcpus.js';
import { answerOf, onVcpu } from './asked-vcpus.js';
import { changesOfOtherState } from './other-state.js';

/** What a get can find, and make something of. */
const found = (of: Interplay): readonly ValueOf[] => [of.first, of.second];

/**
 * Whether a get changes nothing. All registers are put, got in their order and again, put again, and
 * got in reverse: one that another's get changes has been got before that in one direction, and one that
 * its own get changes is seen by the second get. Who changed it is asked of each pair alone. So too with other
 * values in all of them. In the end a put after gets must be there as without them.
 */
export async function askQuietGets(of: Interplay): Promise<StateRecord> {
  const readable = registerTable().filter(({ name }) => of.rows.get(name)?.get === 'ok');
  const answers = new StateAnswers();
  answers.say('asked', `gets of ${readable.length} registers`);
  for (const value of found(of)) {
    for (const victim of await suspectsOf(of, readable, value)) {
      for (const { changer, before, after } of await changersOf(of, victim, readable, value)) {
        answers.say(`${victim.name}.${changer.name}`, `a get makes it ${after}`, before);
      }
    }
  }
  for (const [victim, changer, seen, wanted] of await droppedAfterGets(of, readable)) {
    answers.say(`${victim.name}.put.${changer}`, `${seen} when put after a get of it`, wanted);
  }
  const gets = readable.map((register) => [register, [get(register)]] as const);
  for (const { field, changer, was, is } of await changesOfOtherState(of, gets)) {
    answers.say(`${field}.${changer?.name ?? 'all'}`, `a get makes it ${is}`, was);
  }
  return answers.record;
}

/** Registers of which a put is another one after gets, with the register whose get makes it so. */
async function droppedAfterGets(
  of: Interplay,
  readable: readonly Register[],
): Promise<(readonly [victim: Register, changer: string, seen: string, wanted: string])[]> {
  const { holding } = of;
  const endOf = async (gets: readonly Register[], victims = holding): Promise<string[]> =>
    onVcpu(of, async (vcpu) => {
      await vcpu.putAll(holding, of.first);
      if (gets.length > 0) await vcpu.answers(gets);
      await vcpu.putAll(victims, of.second);
      return vcpu.answers(victims);
    });
  const [wanted, seen] = [await endOf([]), await endOf(readable)];
  const found: (readonly [Register, string, string, string])[] = [];
  for (const [index, victim] of holding.entries()) {
    const [should = '', is = ''] = [wanted[index], seen[index]];
    if (should === is) continue;
    const [alone] = await endOf([], [victim]);
    const changer = await culprit(
      readable,
      async (some) => (await endOf(some, [victim]))[0] !== alone,
    );
    found.push([victim, changer?.name ?? 'all', is, should]);
  }
  return found;
}

async function suspectsOf(
  of: Interplay,
  readable: readonly Register[],
  value: ValueOf,
): Promise<Register[]> {
  const { holding } = of;
  return onVcpu(of, async (vcpu) => {
    const reversed = readable.toReversed();
    await vcpu.putAll(holding, value);
    const first = await vcpu.answers(readable);
    const again = await vcpu.answers(readable);
    await vcpu.putAll(holding, value);
    const backwards = (await vcpu.answers(reversed)).reverse();
    return readable.filter(
      (register, index) =>
        holding.includes(register) &&
        (first[index] !== again[index] || first[index] !== backwards[index]),
    );
  });
}

async function changersOf(
  of: Interplay,
  victim: Register,
  readable: readonly Register[],
  value: ValueOf,
): Promise<{ changer: Register; before: string; after: string }[]> {
  // A put of what a register has already is none that a get can be blamed by.
  const other = value === of.first ? of.second : of.first;
  const putOf = (register: Register): Operation[] => [
    put(register, other(register)),
    put(register, value(register)),
  ];
  const executed = await onVcpu(of, async (vcpu) => {
    await vcpu.putAll(of.holding, value);
    return vcpu.run(
      readable.flatMap((changer) => [
        // Alone: what a get after a put answers, without the other's get between them.
        ...[...putOf(victim), get(victim)],
        ...[...putOf(victim), get(changer), get(victim)],
      ]),
    );
  });
  return readable.flatMap((changer, index) => {
    const [alone, after] = [2, 6].map((offset) => executed[index * 7 + offset]);
    if (alone === undefined || after === undefined || answerOf(alone) === answerOf(after))
      return [];
    return [{ changer, before: answerOf(alone), after: answerOf(after) }];
  });
}
