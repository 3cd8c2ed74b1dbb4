import type { StateRecord } from '../../record/record.generated.js';
import { registerNamed } from '../../sync/register-table.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import { GUEST_MEMORY, loadNumber } from '../guest/guest-program.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { addGuestVcpu, createGuestVcpu } from '../guest/guest-vcpu.js';
import * as code from '../guest/instructions.js';
import { get, put } from '../one-reg.js';
import { freeStep, stepText } from './free-steps.js';
import * as actions from './guest-actions.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVmFile, resultText } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** A doorbell's message: type 5 (server), and the thread that it is for. */
const toThread = (thread: number): number => 0x2800_0000 | thread;
const DOORBELL = 0xa00;
const SHORT = 200;
const LONG = 3000;

/**
 * Two threads of one core: a doorbell from the first reaches the second, and that one alone; and one that
 * DPDES is restored with reaches its thread.
 */
export async function askDoorbells(calls: KvmCalls): Promise<StateRecord> {
  const answers = new StateAnswers();
  await askPair(calls, answers);
  await askRestored(calls, answers);
  return answers.record;
}

async function askPair(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const { host, options } = calls;
  const { signal } = options;
  const vm = await host.createVm(options.vmType, { signal });
  const result = await calls.enableCap(onVmFile(vm), RECORDED_CAPABILITIES.KVM_CAP_PPC_SMT, [2, 0]);
  if (result < 0) {
    await host.destroyVm(vm, { signal });
    answers.say('smt', `no two threads: ${resultText(result)}`);
    return;
  }
  answers.say('smt', 'two threads');
  await host.addMemory(vm, 0, 0n, GUEST_MEMORY, { signal });
  const first = await addGuestVcpu(host, vm, 0, options);
  const second = await addGuestVcpu(host, vm, 1, options);
  const send = freeStep([...loadNumber(7, toThread(1)), code.msgsndp(7)]);
  const quiet = freeStep(actions.interruptible(SHORT));
  await sayScript(
    calls,
    first,
    [
      ['send', send],
      ['sender', quiet],
    ],
    answers,
  );
  await sayDpdes(calls, second, 'DPDES.second', 1n, answers);
  await sayDpdes(calls, first, 'DPDES.first', 0n, answers);
  await sayScript(
    calls,
    second,
    [['receiver', freeStep(actions.interruptible(LONG)), DOORBELL]],
    answers,
  );
  await sayScript(calls, second, [['once', freeStep(actions.interruptible(SHORT))]], answers);
  await sayDpdes(calls, second, 'DPDES.after', 0n, answers);
  await host.destroyVm(vm, { signal });
}

async function askRestored(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const { host, options } = calls;
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  const [done] = await host.execute(guest.vcpu, [put(registerNamed('DPDES'), 1n)], { signal });
  if (done?.error === 0) {
    const take = freeStep(actions.interruptible(LONG));
    await sayScript(calls, guest, [['restored', take, DOORBELL]], answers);
    const again = freeStep(actions.interruptible(SHORT));
    await sayScript(calls, guest, [['restored.once', again]], answers);
  } else {
    answers.say('restored', 'DPDES is refused');
  }
  await host.destroyVm(guest.vm, { signal });
}

/** A guest makes steps, each of which must take an interrupt or none. */
async function sayScript(
  calls: KvmCalls,
  guest: GuestVcpu,
  steps: readonly (readonly [item: string, step: GuestStep, vector?: number])[],
  answers: StateAnswers,
): Promise<void> {
  const far = freeStep(actions.setDecrementer(actions.DECREMENTER_FAR));
  const all = [far, ...steps.map(([, step]) => step)];
  const run = await runScript(calls, guest, all, { pauses: 0 });
  for (const [item, step, vector] of steps) {
    const expected = vector === undefined ? 'went on' : `took ${hexText(BigInt(vector))}`;
    const seen = stepText(run.answers.get(step));
    answers.say(item, seen, seen === expected ? undefined : expected);
  }
}

async function sayDpdes(
  { host, options }: KvmCalls,
  { vcpu }: GuestVcpu,
  item: string,
  expected: bigint,
  answers: StateAnswers,
): Promise<void> {
  const [got] = await host.execute(vcpu, [get(registerNamed('DPDES'))], {
    signal: options.signal,
  });
  const text = got?.error === 0 ? hexText(got.value) : resultText(got?.error ?? 0);
  answers.say(item, text, text === hexText(expected) ? undefined : hexText(expected));
}
