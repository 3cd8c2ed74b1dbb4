import type { StateRecord } from '../../record/record.generated.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay } from './asked-vcpus.js';
import { changedAnswers, inVm } from './asked-vcpus.js';
import { changesOf, fillOtherState, otherState } from './other-state.js';
import { askGuestsOfVcpus } from './vcpu-guests.js';

/**
 * The ids after vCPU 0's. A kernel of 8 CPUs has no vCPU 9 (KVM_MAX_VCPUS is NR_CPUS up to 5.15),
 * and QEMU 10 aborts at an id that leaves a gap (hw/ppc/spapr_nested.c: h_guest_create_vcpu).
 */
const IDS = [1, 2, 3, 4, 5] as const;

/**
 * Whether vCPUs of one VM have registers of their own: each register is put to vCPU 0, then another value
 * to a later one, and both are got; so too what KVM_SET_REGS and KVM_SET_SREGS carry. The later one must answer as
 * vCPU 0 did to the same put; what is the vcore's is the same on the threads of one core. So too on another VM.
 * In the end guests run on them.
 */
export async function askTwoVcpus(of: Interplay): Promise<StateRecord> {
  const { holding, options } = of;
  const facts = await readRegisterFacts();
  const answers = new StateAnswers();
  answers.say('asked', `${holding.length} registers of vCPUs 0, ${IDS.join(', ')}`);
  await inVm(of, async (vm) => {
    const first = await vm.vcpu(0);
    await first.putAll(holding, of.second);
    const wanted = await first.answers(holding);
    await fillOtherState(of, first, 2n);
    const wantedFields = await otherState(of, first);
    await fillOtherState(of, first);
    await first.putAll(holding, of.first);
    const fieldsBefore = await otherState(of, first);
    // What those getters changed is no fault of another vCPU.
    await first.putAll(holding, of.first);
    const before = await first.answers(holding);
    for (const id of IDS) {
      const later = await vm.vcpu(id);
      await fillOtherState(of, later, 2n);
      await later.putAll(holding, of.second);
      const got = await later.answers(holding);
      const after = await first.answers(holding);
      for (const { name, was, is } of changedAnswers(holding, wanted, got)) {
        answers.say(`${name}.${id}`, is, `${was}, as vCPU 0 answers`);
      }
      const should = holding.map(({ name }, index) => {
        const isShared = id < options.threads && facts.get(name)?.isOfVcore === true;
        return (isShared ? got : before)[index] ?? '';
      });
      for (const { name, was, is } of changedAnswers(holding, should, after)) {
        answers.say(`${name}.0-${id}`, `${is} on vCPU 0 after a put to vCPU ${id}`, was);
      }
      for (const { field, was, is } of changesOf(wantedFields, await otherState(of, later))) {
        answers.say(`${field}.${id}`, is, `${was}, as vCPU 0 answers`);
      }
      for (const { field, was, is } of changesOf(fieldsBefore, await otherState(of, first))) {
        answers.say(`${field}.0-${id}`, `${is} on vCPU 0 after a put to vCPU ${id}`, was);
      }
      // What landed in vCPU 0 must not hide what lands there from the next.
      await fillOtherState(of, first);
      await first.putAll(holding, of.first);
    }
  });
  await sayOtherVm(of, answers);
  await askGuestsOfVcpus(of, answers);
  return answers.record;
}

/** What a put to the same vCPU of another VM changes. */
async function sayOtherVm(of: Interplay, answers: StateAnswers): Promise<void> {
  const { holding } = of;
  await inVm(of, async (vm) => {
    const vcpu = await vm.vcpu(0);
    await inVm(of, async (otherVm) => {
      const other = await otherVm.vcpu(0);
      await vcpu.putAll(holding, of.first);
      const [before, again] = [await vcpu.answers(holding), await vcpu.answers(holding)];
      await other.putAll(holding, of.second);
      const after = await vcpu.answers(holding);
      for (const { name, was, is } of changedAnswers(holding, before, after, again)) {
        answers.say(`${name}.vms`, `${is} after a put to a vCPU of another VM`, was);
      }
    });
  });
}
