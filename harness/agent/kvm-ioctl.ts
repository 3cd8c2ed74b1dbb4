import { decode, encode, layoutSize } from './layouts.js';
import * as protocol from './protocol.js';

/** The file that an ioctl is made on, and its handle: a VM's, a vCPU's, a device's file number. */
export type IoctlFile =
  { readonly on: 'kvm' } | { readonly on: 'vm' | 'vcpu' | 'device'; readonly handle: number };

/** An ioctl of KVM as it is made: `request` is the number that ioctl(2) takes on powerpc. */
export interface KvmIoctl {
  readonly file: IoctlFile;
  readonly request: number;
  /** The structure, in the host's byte order; or the number that is passed instead of its address. */
  readonly argument: Buffer | bigint;
  /** What the pointer at `pointerAt` (bytes into the structure) points to. */
  readonly behind?: { readonly pointerAt: number; readonly bytes: Buffer } | undefined;
}

export interface IoctlAnswer {
  /** What ioctl(2) returned, or a negative errno. */
  readonly result: number;
  /** The structure, and what its pointer points to, as the kernel left them. */
  readonly structure: Buffer;
  readonly behind: Buffer;
}

const FILES = {
  kvm: protocol.PROTOCOL_ON_KVM,
  vm: protocol.PROTOCOL_ON_VM,
  vcpu: protocol.PROTOCOL_ON_VCPU,
  device: protocol.PROTOCOL_ON_DEVICE,
} as const;

/** Direction bits of an ioctl's number on powerpc (arch/powerpc/include/uapi/asm/ioctl.h). */
const DIRECTION = { none: 1, read: 2, write: 4, both: 6 } as const;
const KVMIO = 0xae;

/** The number of an ioctl of KVM: `_IO`, `_IOR`, `_IOW` or `_IOWR` with KVMIO, `number` and the size. */
export function kvmRequest(
  direction: keyof typeof DIRECTION,
  number: number,
  sizeBytes: number,
): number {
  return DIRECTION[direction] * 2 ** 29 + sizeBytes * 2 ** 16 + KVMIO * 2 ** 8 + number;
}

/** The size of the structure that an ioctl's number names, bytes. */
export function requestSize(request: number): number {
  return (request >>> 16) & 0x1fff;
}

/** The payload of an IOCTL request. */
export function encodeIoctl({ file, request, argument, behind }: KvmIoctl): Buffer {
  const structure = typeof argument === 'bigint' ? number64(argument) : argument;
  const head = encode('ioctl', {
    file: FILES[file.on],
    handle: file.on === 'kvm' ? 0 : file.handle,
    request,
    pointerAt: behind?.pointerAt ?? protocol.PROTOCOL_NO_POINTER,
    size: typeof argument === 'bigint' ? 0 : argument.length,
    sizeBehind: behind?.bytes.length ?? 0,
  });
  return Buffer.concat([head, structure, behind?.bytes ?? Buffer.alloc(0)]);
}

/** What the agent answered to `call`. */
export function decodeIoctlAnswer(answer: Buffer, { argument }: KvmIoctl): IoctlAnswer {
  const head = layoutSize('ioctlAnswer');
  const end = head + (typeof argument === 'bigint' ? 0 : argument.length);
  return {
    result: decode('ioctlAnswer', answer).result | 0,
    structure: answer.subarray(head, end),
    behind: answer.subarray(end),
  };
}

function number64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
