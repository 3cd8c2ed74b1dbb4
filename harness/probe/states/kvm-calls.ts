import type { KvmHost, VcpuHandle, VmHandle } from '../../agent/kvm-host.js';
import { unlessRefused } from '../../agent/kvm-host.js';
import type { IoctlAnswer, IoctlFile, KvmIoctl } from '../../agent/kvm-ioctl.js';
import { kvmRequest, requestSize } from '../../agent/kvm-ioctl.js';
import { errnoName } from '../../sync/errno.js';
import type { ByteOrder } from '../../base/byte-order.js';
import { registerNamed } from '../../sync/register-table.js';
import { readDoubleword, writeDoubleword } from '../guest/doubleword.js';
import type { GuestExitKind } from '../guest/guest-program.js';
import { get, put } from '../one-reg.js';
import { hexText } from './state-answers.js';

/** Numbers of include/uapi/linux/kvm.h; sizes in bytes, of 64-bit book3s. */
const REQUESTS = {
  CHECK_EXTENSION: kvmRequest('none', 0x03, 0),
  GET_SREGS: kvmRequest('read', 0x83, 1232),
  SET_SREGS: kvmRequest('write', 0x84, 1232),
  INTERRUPT: kvmRequest('write', 0x86, 4),
  SET_MP_STATE: kvmRequest('write', 0x99, 4),
  SET_GUEST_DEBUG: kvmRequest('write', 0x9b, 264),
  GET_SMMU_INFO: kvmRequest('read', 0xa6, 592),
  GET_REG_LIST: kvmRequest('both', 0xb0, 8),
  GET_RMMU_INFO: kvmRequest('write', 0xb0, 96),
  GET_CPU_CHAR: kvmRequest('read', 0xb1, 32),
  ENABLE_CAP: kvmRequest('write', 0xa3, 104),
  CREATE_DEVICE: kvmRequest('both', 0xe0, 12),
  SET_DEVICE_ATTR: kvmRequest('write', 0xe1, 24),
  GET_DEVICE_ATTR: kvmRequest('write', 0xe2, 24),
} as const;
type KvmCallName = keyof typeof REQUESTS;

/** KVM_INTERRUPT_SET_LEVEL and KVM_INTERRUPT_UNSET, as 32-bit words. */
const INTERRUPT = { set: 0xffff_fffd, unset: 0xffff_fffe } as const;

/** How states are asked. */
export interface StateOptions {
  readonly vmType: number;
  readonly isPapr: boolean;
  readonly byteOrder: ByteOrder;
  /**
   * How a guest leaves: where KVM gives it a radix table, or is KVM-PR, a store where there is no memory
   * keeps more than a hypercall does; in real mode with a hashed table KVM answers that with an interrupt.
   */
  readonly leaves: GuestExitKind;
  /** Whether HIOR is put before a guest runs, as in `GuestOptions`. */
  readonly putsHior?: boolean;
  /** How many vCPUs share a vcore, those of ids that follow: the threads of a core on POWER8, else 1. */
  readonly threads: number;
  /** Whether the guest has transactional memory. */
  readonly hasTm: boolean;
  /** The registers that KVM has and a guest can be asked about. */
  readonly present: ReadonlySet<string>;
  /** Those of which KVM gets what the guest wrote. */
  readonly agreeing: ReadonlySet<string>;
  /** Why states are not asked, where the machine would not live through it. */
  readonly unasked?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Calls of one host, with structures in its byte order. */
export class KvmCalls {
  readonly host: KvmHost;
  readonly options: StateOptions;

  constructor(host: KvmHost, options: StateOptions) {
    this.host = host;
    this.options = options;
  }

  async call(
    file: IoctlFile,
    request: KvmCallName,
    argument: Buffer | bigint,
    behind?: KvmIoctl['behind'],
  ): Promise<IoctlAnswer> {
    const { signal } = this.options;
    return this.host.ioctl({ file, request: REQUESTS[request], argument, behind }, { signal });
  }

  /** A call whose structure the kernel fills. */
  async read(file: IoctlFile, request: KvmCallName): Promise<IoctlAnswer> {
    return this.fill(file, request, 0);
  }

  /** A call with a structure of which every byte is the same. */
  async fill(file: IoctlFile, request: KvmCallName, byte: number): Promise<IoctlAnswer> {
    return this.call(file, request, Buffer.alloc(requestSize(REQUESTS[request]), byte));
  }

  /** KVM_ENABLE_CAP with arguments; returns what ioctl(2) did. */
  async enableCap(file: IoctlFile, capability: number, args: readonly number[]): Promise<number> {
    const cap = this.structure(requestSize(REQUESTS.ENABLE_CAP), [[0, capability]]);
    args.forEach((value, index) => {
      this.writeLong(cap, 8 + index * 8, BigInt(value));
    });
    return (await this.call(file, 'ENABLE_CAP', cap)).result;
  }

  /** Sets a vCPU's external interrupt, which stays until it is unset. */
  async interrupt(vcpu: VcpuHandle, change: keyof typeof INTERRUPT): Promise<void> {
    const word = this.structure(requestSize(REQUESTS.INTERRUPT), [[0, INTERRUPT[change]]]);
    await this.call(onVcpuFile(vcpu), 'INTERRUPT', word);
  }

  /** What a register holds after a put, or without one; the errno of whichever is refused. */
  async putAndGet(vcpu: VcpuHandle, name: string, value?: bigint): Promise<string> {
    const register = registerNamed(name);
    const operations = [...(value === undefined ? [] : [put(register, value)]), get(register)];
    const done = await this.host.execute(vcpu, operations, { signal: this.options.signal });
    const refused = done.find(({ error }) => error !== 0);
    return refused === undefined ? hexText(done.at(-1)?.value ?? 0n) : resultText(refused.error);
  }

  /** What a file below /proc or /sys holds; undefined where it is not to be had. */
  async kernelFile(path: string): Promise<string | undefined> {
    return unlessRefused(this.host.readKernelFile(path, { signal: this.options.signal }));
  }

  /** A structure with 32-bit words set. */
  structure(size: number, words: readonly (readonly [offset: number, value: number])[]): Buffer {
    const bytes = Buffer.alloc(size);
    for (const [offset, value] of words) {
      if (this.#isLittle) bytes.writeUInt32LE(value, offset);
      else bytes.writeUInt32BE(value, offset);
    }
    return bytes;
  }

  word(bytes: Buffer, offset: number): number {
    return this.#isLittle ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
  }

  long(bytes: Buffer, offset: number): bigint {
    return readDoubleword(bytes, offset, this.options.byteOrder);
  }

  writeLong(bytes: Buffer, offset: number, value: bigint): void {
    writeDoubleword(bytes, offset, value, this.options.byteOrder);
  }

  get #isLittle(): boolean {
    return this.options.byteOrder === 'little';
  }
}

export function onVmFile(vm: VmHandle): IoctlFile {
  return { on: 'vm', handle: vm };
}

export function onVcpuFile(vcpu: VcpuHandle): IoctlFile {
  return { on: 'vcpu', handle: vcpu };
}

/** `ok`, or the errno's name. */
export function resultText(result: number): string {
  return result < 0 ? errnoName(result) : 'ok';
}
