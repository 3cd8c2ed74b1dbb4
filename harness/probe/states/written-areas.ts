import { registerNamed } from '../../sync/register-table.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { fillValues } from '../migration/fill-value.js';
import { put } from '../one-reg.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { leave } from './free-steps.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import type { StateAnswers } from './state-answers.js';

/**
 * Where KVM writes when a vCPU with a virtual processor area runs: the count of its dispatches in the area
 * (struct lppaca, yield_count), and entries of its dispatch trace log. Guest real addresses of the areas are
 * those that matrix/registers.json fills them with.
 */
const WRITTEN = [
  { name: 'VPA_ADDR', offset: 0x100, bytes: 4 },
  { name: 'VPA_DTL', offset: 0, bytes: 48 },
] as const;
const NAMES = ['VPA_ADDR', 'VPA_SLB', 'VPA_DTL'] as const;

/**
 * An address that get and put have wrong alike is seen by what KVM writes there: nothing of the guest's reads it.
 */
export async function askWrittenAreas(
  calls: KvmCalls,
  facts: RegisterFacts,
  answers: StateAnswers,
): Promise<void> {
  const { host, options } = calls;
  const { signal, byteOrder } = options;
  const guest = await createGuestVcpu(host, options);
  const puts = NAMES.flatMap((name) => {
    const fact = facts.get(name);
    const register = registerNamed(name);
    const value = fact === undefined ? undefined : fillValues(register, fact, byteOrder).at(-1);
    return value === undefined ? [] : [put(register, value)];
  });
  const done = await host.execute(guest.vcpu, puts, { signal });
  await runScript(calls, guest, [leave(options)], { pauses: 1 });
  for (const { name, offset, bytes } of WRITTEN) {
    const index = NAMES.indexOf(name);
    const value = puts[index]?.value ?? 0n;
    if (done[index]?.error !== 0) continue;
    const address = BigInt.asUintN(
      64,
      byteOrder === 'little' ? value : value >> (name === 'VPA_ADDR' ? 0n : 64n),
    );
    const written = await host.readMemory(guest.vm, address + BigInt(offset), bytes, { signal });
    const isWritten = written.some((byte) => byte !== 0);
    answers.compare(`area.${name}`, isWritten ? 'written' : 'nothing written', 'written');
  }
  await host.destroyVm(guest.vm, { signal });
}
