import type { StateRecord } from '../../record/record.generated.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { registerTable } from '../../sync/register-table.js';
import { errnoName } from '../../sync/errno.js';
import { get, put } from '../one-reg.js';
import { bitPatterns, wholePatterns } from '../patterns.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay } from './asked-vcpus.js';
import { answerOf, changedAnswers, onVcpu } from './asked-vcpus.js';
import { culprit } from '../culprit.js';
import { changesOf, fillOtherState, otherState } from './other-state.js';

/**
 * Whether a put that is refused leaves the value as it was, of every register that refuses any; and every other
 * register, and what KVM_GET_REGS and KVM_GET_SREGS answer: of every register, those that the KVM has not too.
 */
export async function askRefusedPuts(of: Interplay): Promise<StateRecord> {
  const rows = registerTable().filter(({ name }) => of.rows.has(name));
  const refusing = rows.filter(({ name }) => {
    const row = of.rows.get(name);
    return row !== undefined && (row.refused.length > 0 || row.put !== 'ok');
  });
  const readable = refusing.filter(({ name }) => {
    const row = of.rows.get(name);
    return row?.get === 'ok' && row.support !== 'volatile';
  });
  const answers = new StateAnswers();
  answers.say('asked', `${refusing.length} registers`);
  await onVcpu(of, async (vcpu) => {
    for (const register of readable) {
      const patterns = patternsOf(register);
      const executed = await vcpu.run(
        patterns.flatMap((value) => [get(register), put(register, value), get(register)]),
      );
      for (let at = 0; at < executed.length; at += 3) {
        const [before, made, after] = executed.slice(at, at + 3);
        if (before === undefined || made === undefined || after === undefined) continue;
        if (made.error === 0 || answerOf(before) === answerOf(after)) continue;
        const what = `${answerOf(after)} after a put of ${answerOf({ ...made, error: 0 })} that answered ${errnoName(made.error)}`;
        answers.say(register.name, what, answerOf(before));
        break;
      }
    }
  });
  await sayOthers(of, await refusedOf(of, refusing), answers);
  return answers.record;
}

const patternsOf = (register: Register): bigint[] => [
  ...wholePatterns(register),
  ...bitPatterns(register),
];

/** The puts that a vCPU with values in all registers refuses. */
async function refusedOf(of: Interplay, registers: readonly Register[]): Promise<Operation[]> {
  return onVcpu(of, async (vcpu) => {
    await vcpu.putAll(of.holding, of.first);
    const puts = registers.flatMap((register) => patternsOf(register).map((v) => put(register, v)));
    const executed = await vcpu.run(puts);
    return puts.filter((_, index) => executed[index]?.error !== 0);
  });
}

/** Which of puts that are refused changes what it is not about. */
async function sayOthers(
  of: Interplay,
  refused: readonly Operation[],
  answers: StateAnswers,
): Promise<void> {
  const { holding } = of;
  const changesBy = async (
    puts: readonly Operation[],
  ): Promise<{ readonly field: string; readonly was: string; readonly is: string }[]> =>
    onVcpu(of, async (vcpu) => {
      await vcpu.putAll(holding, of.first);
      await fillOtherState(of, vcpu);
      const before = [await vcpu.answers(holding), await otherState(of, vcpu)] as const;
      await vcpu.run(puts);
      const after = [await vcpu.answers(holding), await otherState(of, vcpu)] as const;
      const registers = changedAnswers(holding, before[0], after[0]);
      return [
        ...registers.map(({ name, ...change }) => ({ field: name, ...change })),
        ...changesOf(before[1], after[1]),
      ];
    });
  for (const { field, was, is } of await changesBy(refused)) {
    const by = await culprit(refused, async (some) =>
      (await changesBy(some)).some((change) => change.field === field),
    );
    const name = registerTable().find(({ id }) => id === by?.id)?.name ?? 'all';
    if (name === field) continue;
    answers.say(`${name}.${field}`, `${is} after a put to ${name} that was refused`, was);
  }
}
