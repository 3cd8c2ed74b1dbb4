import type { StateRecord } from '../../record/record.generated.js';
import { distinctValue, otherValue } from '../patterns.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay } from './asked-vcpus.js';
import { inVm } from './asked-vcpus.js';

/**
 * The two ids after vCPU 0's. A kernel of 8 CPUs has no vCPU 9 (KVM_MAX_VCPUS is NR_CPUS up to 5.15),
 * and QEMU 10 aborts at an id that leaves a gap (hw/ppc/spapr_nested.c: h_guest_create_vcpu).
 */
const IDS = [1, 2] as const;

/**
 * Whether vCPUs of one VM have registers of their own: each register is put to vCPU 0, then another value
 * to a later one, and both are got. The later one must answer as vCPU 0 did to the same put.
 */
export async function askTwoVcpus(of: Interplay): Promise<StateRecord> {
  const { registers } = of;
  const answers = new StateAnswers();
  answers.say('asked', `${registers.length} registers of vCPUs 0, ${IDS.join(', ')}`);
  await inVm(of, async (vm) => {
    const first = await vm.vcpu(0);
    await first.putAll(registers, otherValue);
    const wanted = await first.answers(registers);
    await first.putAll(registers, distinctValue);
    const before = await first.answers(registers);
    for (const id of IDS) {
      const later = await vm.vcpu(id);
      await later.putAll(registers, otherValue);
      const got = await later.answers(registers);
      const after = await first.answers(registers);
      registers.forEach(({ name }, index) => {
        if (got[index] !== wanted[index]) {
          answers.say(`${name}.${id}`, String(got[index]), `${wanted[index]}, as vCPU 0 answers`);
        }
        if (after[index] !== before[index]) {
          const what = `${after[index]} on vCPU 0 after a put to vCPU ${id}`;
          answers.say(`${name}.0-${id}`, what, String(before[index]));
        }
      });
      // What landed in vCPU 0 must not hide what lands there from the next.
      await first.putAll(registers, distinctValue);
    }
  });
  return answers.record;
}
