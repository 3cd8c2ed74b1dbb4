// Runs in the machine: guest code in a vCPU of its own KVM, by its agent. Prints what came of it.
import { hardwareOf } from '/sprmatrix/dist/harness/hardware/hardware.js';
import { openLocalMachine } from '/sprmatrix/dist/harness/hardware/local-machine.js';
import { loadHardware } from '/sprmatrix/dist/harness/machine/platforms.js';

const KVM_CAP_PPC_PAPR = 68;
const START = 0x1000n;
// `addi r3, r0, 0x4242; sc 1; b .`, in real mode, 64 bit, little endian
const CODE = Uint32Array.of(0x3860_4242, 0x4400_0022, 0x4800_0000);

const machine = await openLocalMachine(hardwareOf('local', loadHardware()));
const kvm = machine.host;
await kvm.openKvm({});
const vm = await kvm.createVm(1);
await kvm.addMemory(vm, 0, 0n, 0x100_0000n);
const vcpu = await kvm.createVcpu(vm, 0);
await kvm.enableVcpuCap(vcpu, KVM_CAP_PPC_PAPR);
await kvm.writeMemory(vm, START, new Uint8Array(CODE.buffer));
const fresh = await kvm.getRegs(vcpu);
await kvm.setRegs(vcpu, { ...fresh, pc: START, msr: 0x8000_0000_0000_0001n });
const exit = await kvm.run(vcpu, 10_000);
const regs = await kvm.getRegs(vcpu);
const hang = await kvm.run(vcpu, 200);
const outside = await kvm.readMemory(vm, 0xff_ffffn, 2).catch((error) => error.message);
const log = await kvm.kernelLog();
const answers = {
  exit: [exit.errno, exit.reason, exit.data.readBigUInt64LE(0).toString(16)],
  r3: regs.gpr[3].toString(16),
  hang: hang.errno,
  memory: (await kvm.readMemory(vm, START, 4)).toString('hex'),
  outside,
  log: log.includes('Linux version'),
  logAgain: (await kvm.kernelLog()).includes('Linux version'),
};
await machine[Symbol.asyncDispose]();
console.log(JSON.stringify(answers));
