import type { StateRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { registerNamed } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
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
      [pairs.filter(([register, other]) => register.index < other.index), of.first],
      [pairs.filter(([register, other]) => register.index > other.index), of.second],
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
    await askOtherHalves(of, vcpu, pairs, answers);
    await compareWithRegs(of, vcpu, answers);
  });
  return answers.record;
}

/** Whether a put of the narrower of two ids leaves what of the wider it is no part of. */
async function askOtherHalves(
  of: Interplay,
  vcpu: AskedVcpu,
  pairs: readonly (readonly [Register, Register])[],
  answers: StateAnswers,
): Promise<void> {
  const halves = pairs.filter(([narrow, wide]) => narrow.sizeBytes < wide.sizeBytes);
  for (const value of [of.first, (): bigint => 0n]) {
    const executed = await vcpu.run(
      halves.flatMap(([narrow, wide]) => [
        ...[put(wide, of.second(wide)), get(wide)],
        ...[put(narrow, value(narrow)), get(wide)],
      ]),
    );
    halves.forEach(([narrow, wide], index) => {
      const [before, , after] = executed.slice(index * 4 + 1, index * 4 + 4);
      if (before === undefined || after === undefined) return;
      const changed = before.value ^ after.value;
      const bits = BigInt(narrow.sizeBytes * 8);
      const isHalf = changed >> bits === 0n || (changed & ((1n << bits) - 1n)) === 0n;
      if (isHalf && before.error === after.error) return;
      const what = `${answerOf(after)} after a put of ${narrow.name}`;
      answers.say(`${narrow.name}.${wide.name}`, what, `one half of ${answerOf(before)} changed`);
    });
  }
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
  of: Interplay,
  vcpu: AskedVcpu,
  answers: StateAnswers,
): Promise<void> {
  const { host, options, registers } = of;
  const pid = registers.find(({ name }) => name === 'PID');
  if (pid === undefined) return;
  const [, got] = await vcpu.run([put(pid, of.first(pid)), get(pid)]);
  const regs = await host.getRegs(vcpu.handle, { signal: options.signal });
  if (got === undefined) return;
  if (regs.pid !== got.value) {
    answers.say('PID.regs', `0x${regs.pid.toString(16)} by KVM_GET_REGS`, answerOf(got));
  }
}
