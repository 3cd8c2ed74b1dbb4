import type { StateRecord } from '../../record/record.generated.js';
import { registerNamed } from '../../sync/register-table.js';
import { runSteps } from '../guest/guest-run.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { get, put } from '../one-reg.js';
import type { KvmCalls } from './kvm-calls.js';
import { resultText } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** Logical PVRs (arch/powerpc/include/asm/reg.h, PVR_ARCH_*), none, and one that is no processor's. */
const LEVELS: readonly number[] = [
  ...[0, 0x0f00_0002, 0x0f00_0003, 0x0f00_0103, 0x0f00_0004],
  ...[0x0f00_0005, 0x0f00_0006, 0x0f00_0007, 0x0f00_0fff],
];

/** A put of each level on a fresh vCPU: whether it is taken, got again, and a guest runs in it. */
export async function askArchCompat(calls: KvmCalls): Promise<StateRecord> {
  const { host, options } = calls;
  const { signal } = options;
  const register = registerNamed('ARCH_COMPAT');
  const answers = new StateAnswers();
  for (const level of LEVELS) {
    const item = `0x${level.toString(16).padStart(8, '0')}`;
    const guest = await createGuestVcpu(host, options);
    const [done, got] = await host.execute(
      guest.vcpu,
      [put(register, BigInt(level)), get(register)],
      { signal },
    );
    if (done === undefined || got === undefined) throw new RangeError('a call has no answer');
    if (done.error !== 0) {
      answers.say(item, resultText(done.error));
    } else {
      const { stoppedAt } = await runSteps(host, guest, [], { before: [], after: [] }, options);
      const read = got.error === 0 ? hexText(got.value) : resultText(got.error);
      const runs = stoppedAt === undefined ? 'a guest runs' : stoppedAt.why;
      const isSound = got.error === 0 && got.value === BigInt(level) && stoppedAt === undefined;
      answers.say(
        item,
        `accepted, got ${read}, ${runs}`,
        isSound ? undefined : `refused, or got ${hexText(BigInt(level))}, and a guest runs`,
      );
    }
    await host.destroyVm(guest.vm, { signal });
  }
  return answers.record;
}
