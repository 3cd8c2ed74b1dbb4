import type { Ioctl, KvmFile } from '../ioctl.js';
import { viewMemory } from '../library.js';
import { sizeOfId } from '../register-table.js';

/** The numbers of the requests, without the direction and size bits, which differ by machine. */
const KVM_CHECK_EXTENSION = 0xae03;
const KVM_GET_ONE_REG = 0xaeab;
const KVM_SET_ONE_REG = 0xaeac;

export const KVM_CAP_PPC_HIOR = 67;
export const KVM_CAP_ONE_REG = 70;

export const EINVAL = -22;
const ENOTTY = -25;

/**
 * A KVM made of a map: what an ioctl of libsprsync finds when a test plays the kernel. It reads
 * `struct kvm_one_reg` and the value that it points to from the memory of the call itself.
 */
export class FakeKernel {
  readonly extensions = new Map([
    [KVM_CAP_ONE_REG, 1],
    [KVM_CAP_PPC_HIOR, 1],
  ]);
  /** Registers that this kernel knows, and what is in them. Others are EINVAL. */
  readonly registers = new Map<bigint, bigint>();
  /** What this kernel refuses, and how. */
  readonly refusals = new Map<bigint, number>();
  /** The ids asked for, in order. */
  readonly calls: { readonly direction: 'get' | 'put'; readonly id: bigint }[] = [];

  /** The vCPU (and the /dev/kvm) of this kernel. */
  readonly file: KvmFile = { fd: 7, ioctl: (...call) => this.#ioctl(...call) };

  #ioctl(...[fd, request, argument]: Parameters<Ioctl>): number {
    if (fd !== this.file.fd) return -9;
    switch (request & 0xffff) {
      case KVM_CHECK_EXTENSION:
        return this.extensions.get(Number(argument)) ?? 0;
      case KVM_GET_ONE_REG:
        return this.#oneReg('get', argument);
      case KVM_SET_ONE_REG:
        return this.#oneReg('put', argument);
      default:
        return ENOTTY;
    }
  }

  #oneReg(direction: 'get' | 'put', address: bigint): number {
    const oneReg = Buffer.from(viewMemory(address, 16));
    const id = oneReg.readBigUInt64LE(0);
    this.calls.push({ direction, id });
    const refused = this.refusals.get(id) ?? (this.registers.has(id) ? 0 : EINVAL);
    if (refused !== 0) return refused;
    const value = viewMemory(oneReg.readBigUInt64LE(8), sizeOfId(id));
    if (direction === 'put') {
      this.registers.set(id, integerOf(value));
    } else {
      value.set(bytesOf(this.registers.get(id) ?? 0n, value.length));
    }
    return 0;
  }
}

/** Bytes in this machine's order (koffi runs on little endian machines only) as an integer. */
function integerOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function bytesOf(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}
