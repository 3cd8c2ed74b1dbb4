import type { StateRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { registerNamed } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
import { distinctValue, otherValue } from '../patterns.js';
import { KvmCalls, onVcpuFile } from '../states/kvm-calls.js';
import { StateAnswers } from '../states/state-answers.js';
import type { AskedVcpu, Interplay } from './asked-vcpus.js';
import { answerOf, onVcpu } from './asked-vcpus.js';

/**
 * Whether a register is the same by two paths, each of which could be wrong in both directions alike:
 * by the other id of its storage, and by KVM_GET_REGS. KVM_GET_FPU is none: on powerpc it answers
 * EOPNOTSUPP (arch/powerpc/kvm/book3s.c: kvm_arch_vcpu_ioctl_get_fpu).
 */
export async function askSecondPaths(of: Interplay): Promise<StateRecord> {
  const pairs = of.registers.flatMap((register) =>
    register.overlaps
      .map(registerNamed)
      .filter((other) => of.registers.includes(other))
      .map((other) => [register, other] as const),
  );
  const answers = new StateAnswers();
  answers.say('asked', `${pairs.length} pairs of ids`);
  await onVcpu(of, async (vcpu) => {
    // All are put through one id before any is got by another, so that exchanged ones are seen.
    for (const [putters, value] of [
      [pairs.filter(([register, other]) => register.index < other.index), distinctValue],
      [pairs.filter(([register, other]) => register.index > other.index), otherValue],
    ] as const) {
      const ways = putters.map(([through]) => through);
      await vcpu.run(ways.map((register) => put(register, value(register))));
      const executed = await vcpu.run(putters.flatMap(([a, b]) => [get(a), get(b)]));
      putters.forEach(([through, by], index) => {
        const [mine, other] = executed.slice(index * 2, index * 2 + 2);
        if (mine === undefined || other === undefined || isSame(through, by, mine, other)) return;
        const what = `${answerOf(other)} by ${by.name} when ${through.name} was put`;
        answers.say(`${through.name}.${by.name}`, what, `a part of ${answerOf(mine)}`);
      });
    }
    await compareWithRegs(of, vcpu, answers);
  });
  return answers.record;
}

/** The narrower of two ids has a half of the wider, or all that both have. */
function isSame(
  a: Register,
  b: Register,
  { value: first }: { readonly value: bigint },
  { value: second }: { readonly value: bigint },
): boolean {
  const [narrow, wide, bits] =
    a.sizeBytes <= b.sizeBytes
      ? [first, second, BigInt(a.sizeBytes * 8)]
      : [second, first, BigInt(b.sizeBytes * 8)];
  const mask = (1n << bits) - 1n;
  return (wide & mask) === narrow || wide >> bits === narrow;
}

async function compareWithRegs(
  { host, options, registers }: Interplay,
  vcpu: AskedVcpu,
  answers: StateAnswers,
): Promise<void> {
  const pid = registers.find(({ name }) => name === 'PID');
  if (pid === undefined) return;
  const [, got] = await vcpu.run([put(pid, distinctValue(pid)), get(pid)]);
  const regs = await host.getRegs(vcpu.handle, { signal: options.signal });
  if (got === undefined) return;
  if (regs.pid !== got.value) {
    answers.say('PID.regs', `0x${regs.pid.toString(16)} by KVM_GET_REGS`, answerOf(got));
  }
}

/**
 * Whether the vCPU's other setters leave what ONE_REG put: KVM_SET_REGS and KVM_SET_SREGS are given what
 * KVM_GET_REGS and KVM_GET_SREGS just answered, between a put of every register and a get.
 */
export async function askOtherSetters(of: Interplay): Promise<StateRecord> {
  const { host, options, registers } = of;
  const answers = new StateAnswers();
  answers.say('asked', `${registers.length} registers`);
  const request = { signal: options.signal };
  const calls = new KvmCalls(host, options);
  const setters: (readonly [string, (vcpu: AskedVcpu) => Promise<void>])[] = [
    [
      'set-regs',
      async ({ handle }) => host.setRegs(handle, await host.getRegs(handle, request), request),
    ],
    [
      'set-sregs',
      async ({ handle }) => {
        const file = onVcpuFile(handle);
        const { result, structure } = await calls.read(file, 'GET_SREGS');
        if (result >= 0) await calls.call(file, 'SET_SREGS', Buffer.from(structure));
      },
    ],
  ];
  for (const [name, set] of setters) {
    await onVcpu(of, async (vcpu) => {
      await vcpu.putAll(registers, distinctValue);
      const before = await vcpu.answers(registers);
      await set(vcpu);
      const after = await vcpu.answers(registers);
      registers.forEach((register, index) => {
        const [wanted = '', got = ''] = [before[index], after[index]];
        if (wanted !== got) answers.say(`${register.name}.${name}`, got, wanted);
      });
    });
  }
  return answers.record;
}
