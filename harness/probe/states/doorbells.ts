import type { StateRecord } from '../../record/record.generated.js';
import { registerNamed } from '../../sync/register-table.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import { GUEST_MEMORY, loadNumber } from '../guest/guest-program.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { addGuestVcpu, createGuestVcpu } from '../guest/guest-vcpu.js';
import { GuestRegister, SLOT } from '../guest/guest-step.js';
import * as code from '../guest/instructions.js';
import { put } from '../one-reg.js';
import type { ExpectedStep } from './free-steps.js';
import {
  decrementerFar,
  freeStep,
  letIn,
  letInPending,
  sayStep,
  stepText,
  stepValue,
} from './free-steps.js';
import { SHORT } from './guest-actions.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVmFile, resultText } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** A doorbell's message: type 5 (server), and the thread that it is for. */
const toThread = (thread: number): number => 0x2800_0000 | thread;
const DOORBELL = 0xa00;
const DPDES = 176;
/**
 * KVM answers a doorbell's instructions of POWER9 and later itself, and reads them at HSRR0. QEMU sets that to
 * where it last noted the program counter, not to the instruction (target/ppc/misc_helper.c,
 * helper_hfscr_facility_check: GETPC() in a helper that another helper calls is no place in the guest's code),
 * and KVM, which finds another instruction there, answers with a program interrupt. isync notes it.
 */
const noted = (...instructions: readonly number[]): number[] => [code.isync(), ...instructions];

/**
 * Two threads of one core: a doorbell from the first reaches the second, and that one alone, and the first
 * reads in DPDES that it is pending; and one that DPDES is restored with reaches its thread.
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
  const send = freeStep([...loadNumber(7, toThread(1)), ...noted(code.msgsndp(7))]);
  const sent = [
    ['send', send],
    ['sender', letIn(SHORT)],
  ] as const;
  await sayScript(calls, first, sent, answers);
  const pair = freeStep(noted(code.mfspr(7, DPDES), code.std(7, SLOT.output, GuestRegister.slot)));
  const read = await runScript(calls, first, [pair], { pauses: 0 });
  const found = stepValue(read.answers.get(pair));
  const text = found === undefined ? stepText(read.answers.get(pair)) : hexText(found);
  answers.compare('DPDES.pair', text, hexText(0b10n));
  await sayDpdes(calls, second, 'DPDES.second', 1n, answers);
  await sayDpdes(calls, first, 'DPDES.first', 0n, answers);
  await sayScript(calls, second, [['receiver', letInPending(calls.options), DOORBELL]], answers);
  await sayScript(calls, second, [['once', letIn(SHORT)]], answers);
  await sayDpdes(calls, second, 'DPDES.after', 0n, answers);
  await host.destroyVm(vm, { signal });
}

async function askRestored(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const { host, options } = calls;
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  const [done] = await host.execute(guest.vcpu, [put(registerNamed('DPDES'), 1n)], { signal });
  if (done?.error === 0) {
    await sayScript(calls, guest, [['restored', letInPending(calls.options), DOORBELL]], answers);
    await sayScript(calls, guest, [['restored.once', letIn(SHORT)]], answers);
  } else {
    answers.say('restored', 'DPDES is refused');
  }
  await host.destroyVm(guest.vm, { signal });
}

/** A guest makes steps, each of which must take an interrupt or none. */
async function sayScript(
  calls: KvmCalls,
  guest: GuestVcpu,
  steps: readonly ExpectedStep[],
  answers: StateAnswers,
): Promise<void> {
  const all = [decrementerFar(), ...steps.map(([, step]) => step)];
  const run = await runScript(calls, guest, all, { pauses: 0 });
  for (const step of steps) sayStep(step, run.answers, answers);
}

async function sayDpdes(
  calls: KvmCalls,
  { vcpu }: GuestVcpu,
  item: string,
  expected: bigint,
  answers: StateAnswers,
): Promise<void> {
  answers.compare(item, await calls.putAndGet(vcpu, 'DPDES'), hexText(expected));
}
