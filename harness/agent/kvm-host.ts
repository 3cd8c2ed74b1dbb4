import type { ByteOrder } from '../base/byte-order.js';
import type { WorkClock } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import type { Operation } from '../sync/operation.js';
import type { RequestOptions } from './agent-channel.js';
import type { VcpuHandle, VmHandle } from './handles.js';
import type {
  CallFile,
  HostileCall,
  HostileResult,
  Race,
  RaceResult,
  RunningPut,
  RunningPutResult,
} from './hostile-calls.js';
import type { IoctlAnswer, KvmIoctl } from './kvm-ioctl.js';
import type { REG_NAMES } from './layouts.js';

export type { VcpuHandle, VmHandle };

/** KVM_CREATE_VM's type argument on book3s (arch/powerpc/kvm/book3s.c and uapi KVM_VM_PPC_*). */
export const VmType = { default: 0, HV: 1, PR: 2 } as const;

/** What KVM_GET_REGS and KVM_SET_REGS carry: 32 general registers and the named ones. */
export type GeneralRegs = Readonly<Record<(typeof REG_NAMES)[number], bigint>> & {
  readonly gpr: readonly bigint[];
};

/** How KVM_RUN came back. */
export interface VcpuExit {
  /** 0, or KVM_RUN's errno (positive). */
  readonly errno: number;
  /** `KVM_EXIT_*` of include/uapi/linux/kvm.h. */
  readonly reason: number;
  /** The first bytes of kvm_run's exit union, in the host's byte order. */
  readonly data: Buffer;
  /** For how long the machine had a processor meanwhile; undefined where that is not known. */
  readonly workedMs?: number;
}

/** Whether the kernel refused what was asked, on a booted machine or on this one. */
export function isRefusal(error: unknown): error is SprmatrixError {
  return (
    error instanceof SprmatrixError &&
    (error.code === 'AGENT_REFUSED' || error.code === 'KVM_REFUSED')
  );
}

/** What was asked came to; undefined where the kernel refused it. */
export async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** What a KVM host says of itself. */
export interface Hello {
  /** `uname -r`, `uname -v`. */
  readonly release: string;
  readonly version: string;
  readonly byteOrder: ByteOrder;
  /** Bytes. */
  readonly pageSize: number;
}

/** What ONE_REG calls on a fresh vCPU need. */
export type RegisterHost = Pick<
  KvmHost,
  'createVm' | 'destroyVm' | 'createVcpu' | 'enableVcpuCap' | 'execute'
>;

/**
 * A KVM host that a probe asks: the agent of a machine (`Agent`). Refusals of the kernel are errors with the
 * errno's text in the message, except where an answer carries the errno.
 */
export interface KvmHost {
  /** Where vCPUs are made that get ONE_REG calls alone, when that is not the host itself. */
  readonly registers?: RegisterHost;
  /**
   * Opens /dev/kvm and asks for capabilities. `capabilities` maps KVM_CAP_ names to their numbers;
   * the result maps them to KVM_CHECK_EXTENSION's answers.
   */
  openKvm(
    capabilities: Readonly<Record<string, number>>,
    options?: RequestOptions,
  ): Promise<Record<string, number>>;
  createVm(type: number, options?: RequestOptions): Promise<VmHandle>;
  /** Destroys a VM with its vCPUs. */
  destroyVm(vm: VmHandle, options?: RequestOptions): Promise<void>;
  createVcpu(vm: VmHandle, id: number, options?: RequestOptions): Promise<VcpuHandle>;
  /** KVM_ENABLE_CAP on a vCPU. */
  enableVcpuCap(vcpu: VcpuHandle, capability: number, options?: RequestOptions): Promise<void>;
  /** Makes the ONE_REG calls in order; the answer is the same list with values and errors. */
  execute(
    vcpu: VcpuHandle,
    operations: readonly Operation[],
    options?: RequestOptions,
  ): Promise<Operation[]>;
  /** Gives a VM zeroed memory (KVM_SET_USER_MEMORY_REGION); address and size in bytes. */
  addMemory(
    vm: VmHandle,
    slot: number,
    address: bigint,
    size: bigint,
    options?: RequestOptions,
  ): Promise<void>;
  writeMemory(
    vm: VmHandle,
    address: bigint,
    bytes: Uint8Array,
    options?: RequestOptions,
  ): Promise<void>;
  readMemory(
    vm: VmHandle,
    address: bigint,
    size: number,
    options?: RequestOptions,
  ): Promise<Buffer>;
  getRegs(vcpu: VcpuHandle, options?: RequestOptions): Promise<GeneralRegs>;
  setRegs(vcpu: VcpuHandle, regs: GeneralRegs, options?: RequestOptions): Promise<void>;
  /** KVM_RUN, for `limitMs` at most. A run that the limit ended has the errno EINTR. */
  run(vcpu: VcpuHandle, limitMs: number, options?: RequestOptions): Promise<VcpuExit>;
  /** How long the machine had no processor; undefined of one that nobody emulates. */
  readonly clock?: WorkClock | undefined;
  /**
   * The kernel log's records since the last call, as /dev/kmsg gives them; refused to a user that may
   * not read it.
   */
  kernelLog(options?: RequestOptions): Promise<string>;
  /** ONE_REG calls as no VMM makes them, in order, each with what came of it. */
  hostileCalls(
    vcpu: VcpuHandle,
    file: CallFile,
    calls: readonly HostileCall[],
    options?: RequestOptions,
  ): Promise<HostileResult[]>;
  /** Two threads on one vCPU. */
  race(vcpu: VcpuHandle, race: Race, options?: RequestOptions): Promise<RaceResult>;
  /** KVM_RUN in one thread, a put in another. */
  putWhileRunning(
    vcpu: VcpuHandle,
    put: RunningPut,
    options?: RequestOptions,
  ): Promise<RunningPutResult>;
  /** Any ioctl of KVM. */
  ioctl(call: KvmIoctl, options?: RequestOptions): Promise<IoctlAnswer>;
  /** Closes the file of a device that KVM_CREATE_DEVICE made. */
  closeDevice(file: number, options?: RequestOptions): Promise<void>;
  /** What a file below /proc or /sys holds, or the names in a folder there, a line each. */
  readKernelFile(path: string, options?: RequestOptions): Promise<string>;
  /** Lets slab caches give back what they keep, so that each object in use is counted. */
  shrinkSlabs(options?: RequestOptions): Promise<void>;
}
