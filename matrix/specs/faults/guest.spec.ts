import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { KvmHost, VcpuHandle, VmHandle } from '../../../harness/agent/kvm-host.js';
import { VmType } from '../../../harness/agent/kvm-host.js';
import { buildInitramfs } from '../../../harness/kernels/initramfs.js';
import { bootMachine } from '../../../harness/machine/machine.js';
import { qemusOf } from '../../../fixtures/cli-process.js';
import { AGENT, testBootOptions, testKernel } from './booted.js';

const KVM_CAP_PPC_PAPR = 68;
const KVM_EXIT_PAPR_HCALL = 19;
const EINTR = 4;
const EFAULT_TEXT = /Bad address/;
/** 64-bit, little endian, everything else off: real mode. */
const MSR = 0x8000_0000_0000_0001n;

/** `addi r3, r0, 0x4242; sc 1; b .` (Power ISA book I: D, SC and I forms). */
const CODE = Uint32Array.of(0x3860_4242, 0x4400_0022, 0x4800_0000);
const START = 0x1000n;

async function guest(agent: KvmHost): Promise<{ vm: VmHandle; vcpu: VcpuHandle }> {
  await agent.openKvm({});
  const vm = await agent.createVm(VmType.HV);
  await agent.addMemory(vm, 0, 0n, 0x100_0000n);
  const vcpu = await agent.createVcpu(vm, 0);
  await agent.enableVcpuCap(vcpu, KVM_CAP_PPC_PAPR);
  await agent.writeMemory(vm, START, new Uint8Array(CODE.buffer));
  const fresh = await agent.getRegs(vcpu);
  await agent.setRegs(vcpu, { ...fresh, pc: START, msr: MSR });
  return { vm, vcpu };
}

for (const platform of ['pseries-p9-nested', 'powernv8']) {
  test(`guest code runs in a vCPU of ${platform}, and a guest that hangs is stopped`, async () => {
    const info = test.info();
    const initramfs = await buildInitramfs(await testKernel(), AGENT);
    await using machine = await bootMachine(await testBootOptions(platform, initramfs, info));
    const { agent } = machine;
    const { vm, vcpu } = await guest(agent);

    const exit = await agent.run(vcpu, 10_000);
    expect([exit.errno, exit.reason]).toEqual([0, KVM_EXIT_PAPR_HCALL]);
    expect(exit.data.readBigUInt64LE(0)).toBe(0x4242n); // the hypercall's number
    const regs = await agent.getRegs(vcpu);
    expect(regs.gpr[3]).toBe(0x4242n);

    // The next instruction is a branch to itself.
    expect((await agent.run(vcpu, 200)).errno).toBe(EINTR);

    expect(await agent.readMemory(vm, START, 4)).toEqual(Buffer.from([0x42, 0x42, 0x60, 0x38]));
    await expect(agent.readMemory(vm, 0xff_ffffn, 2)).rejects.toThrow(EFAULT_TEXT);
    const log = await agent.kernelLog();
    expect(log).toContain('Linux version 6.1');
    expect(await agent.kernelLog()).not.toContain('Linux version');
  });
}

/** A vCPU of pseries-p9-nested, where QEMU loses decrementers, that loops as soon as it runs. */
async function looping(agent: KvmHost): Promise<VcpuHandle> {
  const { vcpu } = await guest(agent);
  expect((await agent.run(vcpu, 10_000)).errno).toBe(0);
  return vcpu;
}

test('each request brings the host of a looping guest back, however many decrementers are lost', async () => {
  const initramfs = await buildInitramfs(await testKernel(), AGENT);
  await using machine = await bootMachine(
    await testBootOptions('pseries-p9-nested', initramfs, test.info()),
  );
  const { agent } = machine;
  const vcpu = await looping(agent);
  const run = agent.run(vcpu, 5000, { budgetMs: 20_000 });
  const requests: Promise<unknown>[] = [];
  // More than the port would take without interrupts.
  while (requests.length < 8) {
    await delay(500);
    requests.push(agent.kernelLog());
  }
  expect((await run).errno).toBe(EINTR);
  await Promise.all(requests);
});

test('a guest whose machine is stopped and goes on, again and again, is stopped in time', async () => {
  const initramfs = await buildInitramfs(await testKernel(), AGENT);
  await using machine = await bootMachine(
    await testBootOptions('pseries-p9-nested', initramfs, test.info()),
  );
  const vcpu = await looping(machine.agent);
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of qemusOf(process.pid)) process.kill(pid, name);
  };
  const over = new AbortController();
  const run = machine.agent.run(vcpu, 1000).finally(() => {
    over.abort();
  });
  for (let turn = 0; turn < 100 && !over.signal.aborted; turn++) {
    signal('SIGSTOP');
    await delay(100);
    signal('SIGCONT');
    await delay(50);
  }
  expect((await run).errno).toBe(EINTR);
});
