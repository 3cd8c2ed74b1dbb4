import type { StateRecord } from '../../record/record.generated.js';
import { registerTable } from '../../sync/register-table.js';
import { errnoName } from '../../sync/errno.js';
import { get, put } from '../one-reg.js';
import { bitPatterns, wholePatterns } from '../patterns.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay } from './asked-vcpus.js';
import { answerOf, onVcpu } from './asked-vcpus.js';

/** Whether a put that is refused leaves the value as it was, of every register that refuses any. */
export async function askRefusedPuts(of: Interplay): Promise<StateRecord> {
  const refusing = registerTable().filter(({ name }) => {
    const row = of.rows.get(name);
    return (
      row?.get === 'ok' &&
      row.support !== 'volatile' &&
      (row.refused.length > 0 || row.put !== 'ok')
    );
  });
  const answers = new StateAnswers();
  answers.say('asked', `${refusing.length} registers`);
  await onVcpu(of, async (vcpu) => {
    for (const register of refusing) {
      const patterns = [...wholePatterns(register), ...bitPatterns(register)];
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
  return answers.record;
}
