import { expect, test } from '@playwright/test';
import { lastWords, stallOf, warningsOf } from './kernel-log.js';

test('warnings and worse are reported once, information and what processes wrote are not', () => {
  const log = [
    '6,1,100,-;KVM: ready',
    '4,2,101,-;kvmppc: id 0x1030000000000fff is odd',
    '4,3,102,-;kvmppc: id 0x1030000000000ffe is odd',
    '3,4,103,-;an error\u001b[31m',
    ' SUBSYSTEM=misc',
    '12,5,104,-;of a process',
    '',
  ].join('\n');
  expect(warningsOf(log)).toEqual(['kvmppc: id - is odd', 'an error[31m']);
});

test('a kernel that says it was late warns of nothing', () => {
  const log = [
    '4,1,1,-;hrtimer: interrupt took 9241969 ns',
    '4,2,1,-;sched: RT throttling activated',
    '4,3,1,-;sched: DL replenish lagged too much',
    '4,4,1,-;workqueue: drm_fb_helper_damage_work hogged CPU for >10000us 4 times, consider switching to WQ_UNBOUND',
    '4,5,1,-;perf: interrupt took too long (2500 > 2480), lowering kernel.perf_event_max_sample_rate to 79750',
  ].join('\n');
  expect(warningsOf(log)).toEqual(['sched: DL replenish lagged too much']);
  expect(stallOf(log)).toBeUndefined();
});

for (const line of [
  'rcu: INFO: rcu_sched self-detected stall on CPU',
  'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
  "rcu: rcu_sched kthread timer wakeup didn't happen for 5248 jiffies! g-1195 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x402",
  'rcu: rcu_sched kthread starved for 5250 jiffies! g-1195 f0x2 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=0',
  'watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [agent:1]',
  'watchdog: CPU 0 self-detected hard LOCKUP @ kvmhv_run_single_vcpu+0x1/0x2',
  'INFO: task agent:1 blocked for more than 120 seconds.',
]) {
  test(`a watchdog says that the kernel stood still: ${line}`, () => {
    expect(stallOf(`6,1,1,-;KVM: ready\n4,2,1,-;${line}`)).toBe(line);
    // It is a warning all the same: whether of the kernel is for the machine's clock to say.
    expect(warningsOf(`4,2,1,-;${line}`)).toHaveLength(1);
  });
}

test("of a WARN's dump the line that says where it was is reported", () => {
  const log = [
    '4,1,1,-;------------[ cut here ]------------',
    '4,2,1,-;WARNING: CPU: 0 PID: 77 at arch/powerpc/kvm/book3s_hv.c:12 f+0x1/0x2 [kvm_hv]',
    '4,3,1,-;Modules linked in: kvm_hv kvm',
    '4,4,1,-;NIP [c000000000123456] f+0x1/0x2',
    '4,5,1,-;---[ end trace 0000000000000000 ]---',
    '4,6,1,-;after it',
  ].join('\n');
  expect(warningsOf(log)).toEqual([
    'WARNING: CPU: 0 PID: - at arch/powerpc/kvm/book3s_hv.c:12 f+0x1/0x2 [kvm_hv]',
    'after it',
  ]);
});

test('the last words of a console end where the kernel failed, and have no times', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `[    0.0${index}] line ${index}`);
  expect(
    lastWords([...lines, '[    1.5] Kernel panic - not syncing: x', '[  5.4,2] NVRAM']),
  ).toEqual([
    ...Array.from({ length: 7 }, (_, index) => `line ${13 + index}`),
    'Kernel panic - not syncing: x',
  ]);
  expect(lastWords(['a', 'b'])).toEqual(['a', 'b']);
});
