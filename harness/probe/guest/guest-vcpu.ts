import type { KvmHost, VcpuHandle, VmHandle } from '../../agent/kvm-host.js';
import type { ByteOrder } from '../../base/byte-order.js';
import { registerNamed } from '../../sync/register-table.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import { get, put } from '../one-reg.js';
import type { MemoryPiece } from './guest-program.js';
import { GUEST_MEMORY } from './guest-program.js';
import { GuestRegister } from './guest-step.js';

export interface GuestOptions {
  /** KVM_CREATE_VM's type. */
  readonly vmType: number;
  /** Enable KVM_CAP_PPC_PAPR; without it a guest has no hypercalls. */
  readonly isPapr: boolean;
  /** The guest's; interrupts are taken in it too. */
  readonly byteOrder: ByteOrder;
  /** Whether the guest has transactional memory, which its MSR must allow. */
  readonly hasTm: boolean;
  /** The operations before the guest bring an LPCR: it is not touched. */
  readonly isRestored?: boolean;
  /**
   * Put HIOR before the guest runs: KVM-PR gives a 64-bit guest its interrupts at 0xfff00000 and above until
   * a VMM says another place (arch/powerpc/kvm/book3s_pr.c, kvmppc_set_pvr_pr).
   */
  readonly putsHior?: boolean;
  /** Memory that the guest has besides its program. */
  readonly memory?: readonly MemoryPiece[];
  readonly signal?: AbortSignal | undefined;
}

/** 64-bit, machine checks: privileged, translation and external interrupts off. */
export const START_MSR = 0x8000_0000_0000_1000n;
/** FP, VEC, VSX. */
const MSR_FACILITIES = 0x0280_2000n;
const MSR_TM = 1n << 32n;
const MSR_LE = 1n;
/**
 * No guest of ours has a stack. KVM-PR lets no interrupt into a guest whose r1 is what the page that it shares
 * with KVM has as `critical`, 0 (arch/powerpc/kvm/book3s.c, kvmppc_critical_section).
 */
const STACK = 0x8000n;
/** LPCR[ILE]: interrupts are taken in little endian (Power ISA v3.0B, Book III, 2.2). */
export const LPCR_ILE = 0x0200_0000n;

/** A vCPU that can run a guest, alone in its VM. */
export interface GuestVcpu {
  readonly vm: VmHandle;
  readonly vcpu: VcpuHandle;
}

/** A fresh VM with memory, and a vCPU as a VMM gives it to a guest. */
export async function createGuestVcpu(host: KvmHost, options: GuestOptions): Promise<GuestVcpu> {
  const { vmType, signal } = options;
  const vm = await host.createVm(vmType, { signal });
  // Requests are obeyed in their order: those that need no answer of another are sent with it.
  const added = host.addMemory(vm, 0, 0n, GUEST_MEMORY, { signal });
  const [guest] = await Promise.all([addGuestVcpu(host, vm, 0, options), added]);
  return guest;
}

/** A vCPU of a VM that has its memory, as a VMM gives it to a guest. */
export async function addGuestVcpu(
  host: KvmHost,
  vm: VmHandle,
  id: number,
  options: GuestOptions,
): Promise<GuestVcpu> {
  const { isPapr, signal } = options;
  const vcpu = await host.createVcpu(vm, id, { signal });
  await Promise.all([
    ...(isPapr
      ? [host.enableVcpuCap(vcpu, RECORDED_CAPABILITIES.KVM_CAP_PPC_PAPR, { signal })]
      : []),
    ...(options.putsHior === true
      ? [host.execute(vcpu, [put(registerNamed('HIOR'), 0n)], { signal })]
      : []),
    ...(options.isRestored === true ? [] : [takeInterruptsIn(host, vcpu, options)]),
  ]);
  return { vm, vcpu };
}

/** Has the vCPU go on at `entry`, as a program of `guestProgram` wants to be entered. */
export async function setEntry(
  host: KvmHost,
  vcpu: VcpuHandle,
  entry: bigint,
  options: GuestOptions,
): Promise<void> {
  const { signal } = options;
  const regs = await host.getRegs(vcpu, { signal });
  const msr = guestMsr(options);
  const given = new Map<number, bigint>([
    [GuestRegister.msr, msr],
    [GuestRegister.stack, STACK],
  ]);
  const gpr = regs.gpr.map((value, index) => given.get(index) ?? value);
  await host.setRegs(
    vcpu,
    { ...regs, gpr, pc: entry, msr: START_MSR | (msr & MSR_LE) },
    { signal },
  );
}

/** Sets LPCR[ILE] as H_SET_MODE does for a little-endian guest. */
async function takeInterruptsIn(
  host: KvmHost,
  vcpu: VcpuHandle,
  { byteOrder, signal }: GuestOptions,
): Promise<void> {
  const register = registerNamed('LPCR_64');
  const [lpcr] = await host.execute(vcpu, [get(register)], {
    signal,
  });
  const value =
    byteOrder === 'little' ? (lpcr?.value ?? 0n) | LPCR_ILE : (lpcr?.value ?? 0n) & ~LPCR_ILE;
  await host.execute(vcpu, [put(register, value)], { signal });
}

function guestMsr({ byteOrder, hasTm }: GuestOptions): bigint {
  return (
    START_MSR | MSR_FACILITIES | (byteOrder === 'little' ? MSR_LE : 0n) | (hasTm ? MSR_TM : 0n)
  );
}
