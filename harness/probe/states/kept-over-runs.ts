import type { RegisterFacts } from '../../record/register-facts.js';
import type { Register } from '../../sync/register-table.js';
import { registerTable } from '../../sync/register-table.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { fillValues } from '../migration/fill-value.js';
import { get, put } from '../one-reg.js';
import { decrementerFar, freeStep, leave } from './free-steps.js';
import * as actions from './guest-actions.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { hexText } from './state-answers.js';
import type { StateAnswers } from './state-answers.js';

/** How often the guest leaves to the VMM. */
const TURNS = 2;

/**
 * What no guest changes is after its runs what it was before, although the guest left in more than one way:
 * of a register that no instruction reaches, a get is all that can show it.
 */
export async function askKeptOverRuns(
  calls: KvmCalls,
  facts: RegisterFacts,
  answers: StateAnswers,
): Promise<void> {
  const { host, options } = calls;
  const { signal } = options;
  const registers = registerTable().filter((register) => isUnreached(register, facts, calls));
  const guest = await createGuestVcpu(host, options);
  const puts = registers.flatMap((register) => {
    const fact = facts.get(register.name);
    const values = fact === undefined ? [] : fillValues(register, fact, options.byteOrder);
    return values.map((value) => put(register, value));
  });
  const gets = registers.map(get);
  const executed = await host.execute(guest.vcpu, [...puts, ...gets], { signal });
  const before = executed.slice(puts.length);
  const steps = [
    decrementerFar(),
    ...(options.isPapr ? [freeStep(actions.prod())] : []),
    leave(options),
    freeStep(actions.spin(300)),
    leave(options),
  ];
  const say = async (): Promise<void> => {
    const after = await host.execute(guest.vcpu, gets, { signal });
    registers.forEach(({ name }, index) => {
      const [was, is] = [before[index], after[index]];
      if (was?.error !== 0 || is === undefined) return;
      if (is.error === 0 && is.value === was.value) return;
      const seen = is.error === 0 ? hexText(is.value) : `errno ${is.error}`;
      answers.say(`run.${name}`, `KVM gets ${seen} after a run`, hexText(was.value));
    });
  };
  const { stopped } = await runScript(calls, guest, steps, { pauses: TURNS, onPause: say });
  await say();
  await host.destroyVm(guest.vm, { signal });
  if (stopped !== undefined) answers.say('run', stopped.why, 'the guest to go on');
}

/** Whether a register stands still while a guest runs that does nothing to it. */
function isUnreached({ name }: Register, facts: RegisterFacts, { options }: KvmCalls): boolean {
  const fact = facts.get(name);
  if (fact === undefined || !options.present.has(name) || fact.fill?.counts === true) return false;
  // With a hashed page table the first run puts the page size of the guest's real mode area there.
  if (name.startsWith('LPCR') && options.leaves !== 'mmio') return false;
  return fact.guest.by === 'nothing';
}
