import type { StateRecord } from '../../record/record.generated.js';
import { unlessRefused } from '../../agent/kvm-host.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import { GUEST_MEMORY } from '../guest/guest-program.js';
import { CAPABILITIES } from '../states/host-facts.js';
import { KvmCalls, onVcpuFile } from '../states/kvm-calls.js';
import { StateAnswers } from '../states/state-answers.js';
import type { AskedVcpu, AskedVm, Interplay } from './asked-vcpus.js';
import { changedAnswers, inVm } from './asked-vcpus.js';
import { changesOf, fillOtherState, otherState } from './other-state.js';

/** A call besides ONE_REG that a VMM makes of a vCPU, or of its VM. */
interface Setter {
  readonly name: string;
  readonly set: (of: Interplay, vcpu: AskedVcpu, vm: AskedVm) => Promise<void>;
  /** Whether it is one that carries general registers or the SLB: with other values. */
  readonly isOther?: true;
}

const SETTERS: readonly Setter[] = [
  {
    name: 'get-regs',
    set: async ({ host, options: { signal } }, { handle }) => {
      await host.getRegs(handle, { signal });
    },
  },
  {
    name: 'get-sregs',
    set: async ({ host, options }, { handle }) => {
      await new KvmCalls(host, options).read(onVcpuFile(handle), 'GET_SREGS');
    },
  },
  {
    name: 'set-regs',
    set: async (of, vcpu) => {
      const { signal } = of.options;
      const regs = await of.host.getRegs(vcpu.handle, { signal });
      // What the getter changed is no fault of the setter.
      await vcpu.putAll(of.holding, of.first);
      await of.host.setRegs(vcpu.handle, regs, { signal });
    },
  },
  {
    name: 'set-sregs',
    set: async (of, vcpu) => {
      const [calls, file] = [new KvmCalls(of.host, of.options), onVcpuFile(vcpu.handle)];
      const { result, structure } = await calls.read(file, 'GET_SREGS');
      await vcpu.putAll(of.holding, of.first);
      if (result >= 0) await calls.call(file, 'SET_SREGS', Buffer.from(structure));
    },
  },
  { name: 'set-others', set: async (of, vcpu) => fillOtherState(of, vcpu, 3n), isOther: true },
  {
    name: 'enable-papr',
    set: async ({ host, options }, { handle }) => {
      if (!options.isPapr) return;
      const { KVM_CAP_PPC_PAPR } = RECORDED_CAPABILITIES;
      await unlessRefused(host.enableVcpuCap(handle, KVM_CAP_PPC_PAPR, { signal: options.signal }));
    },
  },
  {
    name: 'enable-fwnmi',
    // Machine checks of a guest are its own.
    set: async ({ host, options }, { handle }) => {
      const { PPC_FWNMI } = CAPABILITIES;
      await new KvmCalls(host, options).enableCap(onVcpuFile(handle), PPC_FWNMI, []);
    },
  },
  {
    name: 'set-guest-debug',
    set: async ({ host, options }, { handle }) => {
      const calls = new KvmCalls(host, options);
      await calls.fill(onVcpuFile(handle), 'SET_GUEST_DEBUG', 0);
    },
  },
  {
    name: 'set-mp-state',
    set: async ({ host, options }, { handle }) => {
      await new KvmCalls(host, options).fill(onVcpuFile(handle), 'SET_MP_STATE', 0);
    },
  },
  {
    name: 'interrupt',
    set: async ({ host, options }, { handle }) => {
      const calls = new KvmCalls(host, options);
      await calls.interrupt(handle, 'set');
      await calls.interrupt(handle, 'unset');
    },
  },
  {
    name: 'set-memory',
    set: async ({ host, options: { signal } }, _vcpu, { handle }) =>
      host.addMemory(handle, 0, 0n, GUEST_MEMORY, { signal }),
  },
  {
    name: 'create-vcpu',
    set: async (_of, _vcpu, vm) => {
      await vm.vcpu(1);
    },
  },
];

/**
 * Whether a VMM's other calls leave what ONE_REG put, and what the ones that carry general registers and the SLB
 * put, and whether a put after them is still there.
 */
export async function askOtherSetters(of: Interplay): Promise<StateRecord> {
  const { holding } = of;
  const answers = new StateAnswers();
  answers.say('asked', `${holding.length} registers`);
  const wanted = await inVm(of, async (vm) => {
    const vcpu = await vm.vcpu();
    await vcpu.putAll(holding, of.first);
    await vcpu.answers(holding);
    await vcpu.putAll(holding, of.second);
    return vcpu.answers(holding);
  });
  for (const { name, set, isOther } of SETTERS) {
    await inVm(of, async (vm) => {
      const vcpu = await vm.vcpu();
      await fillOtherState(of, vcpu);
      await vcpu.putAll(holding, of.first);
      const fieldsBefore = await otherState(of, vcpu);
      // What those getters changed is no fault of the setter.
      await vcpu.putAll(holding, of.first);
      const [before, again] = [await vcpu.answers(holding), await vcpu.answers(holding)];
      await set(of, vcpu, vm);
      const after = await vcpu.answers(holding);
      const fields = isOther === true ? [] : changesOf(fieldsBefore, await otherState(of, vcpu));
      await vcpu.putAll(holding, of.second);
      const put = await vcpu.answers(holding);
      for (const changed of changedAnswers(holding, before, after, again)) {
        answers.say(`${changed.name}.${name}`, changed.is, changed.was);
      }
      for (const changed of changedAnswers(holding, wanted, put)) {
        answers.say(`${changed.name}.${name}.put`, changed.is, changed.was);
      }
      for (const { field, was, is } of fields) answers.say(`${field}.${name}`, is, was);
    });
  }
  return answers.record;
}
