/**
 * What a frame and the payloads of requests look like: the client's side of fixtures/guest/layouts.h, which
 * says what the fields are. Of each its fields in their order, with their sizes in bytes; layouts.test.ts
 * compares the two files.
 */
import { PROTOCOL_RUN_DATA } from './protocol.js';

const NAMED_REGS = {
  ...({ pc: 8, cr: 8, ctr: 8, lr: 8, xer: 8, msr: 8, srr0: 8, srr1: 8, pid: 8 } as const),
  ...({ sprg0: 8, sprg1: 8, sprg2: 8, sprg3: 8, sprg4: 8, sprg5: 8, sprg6: 8, sprg7: 8 } as const),
} as const;

/** The named fields of struct kvm_regs, in the order of the agent's protocol. */
export const REG_NAMES = Object.keys(NAMED_REGS) as (keyof typeof NAMED_REGS)[];

export const LAYOUTS = {
  frame: { magic: 4, length: 4, type: 2, sequence: 2, crc: 4 },
  mailboxCount: { count: 4, complement: 4 },
  error: { error: 4 },
  kvmOpenEach: { capability: 4 },
  kvmOpenAnswerEach: { result: 4 },
  vmCreate: { type: 4 },
  vmCreateAnswer: { vm: 4 },
  vmDestroy: { vm: 4 },
  vcpuCreate: { vm: 4, id: 4 },
  vcpuCreateAnswer: { vcpu: 4 },
  vcpuDestroy: { vcpu: 4 },
  execute: { vcpu: 4, zero: 4 },
  memoryAdd: { vm: 4, slot: 4, address: 8, size: 8 },
  memoryWrite: { vm: 4, zero: 4, address: 8 },
  memoryRead: { vm: 4, size: 4, address: 8 },
  regsGet: { vcpu: 4, zero: 4 },
  regsGetAnswer: { ...NAMED_REGS, zero: 8, gpr: 256 },
  regsSet: { vcpu: 4, zero: 4 },
  enableCap: { handle: 4, isVcpu: 4, capability: 4, zero: 4, arguments: 32 },
  run: { vcpu: 4, limitMs: 4 },
  runAnswer: { error: 4, reason: 4, data: PROTOCOL_RUN_DATA },
  hostileCalls: { vcpu: 4, file: 4 },
  hostileCallsEach: { id: 8, value: 16, isPut: 1, valueAt: 1, argumentAt: 1, zero: 5 },
  hostileCallsAnswerEach: { error: 4, extent: 4, value: 16 },
  race: { vcpu: 4, rounds: 4, id: 8, one: 16, other: 16 },
  raceAnswer: { putError: 4, getError: 4, one: 4, other: 4, neither: 4, zero: 4, torn: 16 },
  putWhileRunning: { vcpu: 4, limitMs: 4, address: 8, id: 8, value: 16 },
  putWhileRunningAnswer: { runError: 4, reason: 4, putError: 4, zero: 4, tookUs: 8, changed: 8 },
  ioctl: { file: 4, handle: 4, request: 4, pointerAt: 4, size: 4, sizeBehind: 4 },
  ioctlAnswer: { result: 4, zero: 4 },
  deviceClose: { file: 4 },
} as const;

export type LayoutName = keyof typeof LAYOUTS;

/** A field's value by its size: an unsigned integer of up to 4 bytes, or of 8 or 16, or bytes as they are. */
type Value<Size> = Size extends 1 | 2 | 4 ? number : Size extends 8 | 16 ? bigint : Buffer;
export type Fields<Name extends LayoutName> = {
  readonly [Field in Exclude<keyof (typeof LAYOUTS)[Name], 'zero'>]: Value<
    (typeof LAYOUTS)[Name][Field]
  >;
};

/** Bytes. */
export function layoutSize(name: LayoutName): number {
  return Object.values(LAYOUTS[name]).reduce((sum, size) => sum + size, 0);
}

/** The bytes of a layout; what it calls zero is zero. Throws a `RangeError` for a value that does not fit. */
export function encode<Name extends LayoutName>(name: Name, fields: Fields<Name>): Buffer {
  const bytes = Buffer.alloc(layoutSize(name));
  const values: Readonly<Record<string, number | bigint | Buffer>> = fields;
  for (const { field, at, size } of places(name)) {
    const value = values[field];
    if (typeof value === 'number') bytes.writeUIntLE(value, at, size);
    else if (typeof value === 'bigint') writeInteger(bytes, at, size, value);
    else value?.copy(bytes, at, 0, size);
  }
  return bytes;
}

/** The fields of a layout that begins at `offset`. Throws a `RangeError` when an integer is not there. */
export function decode<Name extends LayoutName>(
  name: Name,
  bytes: Buffer,
  offset = 0,
): Fields<Name> {
  return Object.fromEntries(
    places(name).map(({ field, at, size }) => [field, readField(bytes, offset + at, size)]),
  ) as Fields<Name>;
}

function places(name: LayoutName): { field: string; at: number; size: number }[] {
  let at = 0;
  return Object.entries(LAYOUTS[name]).map(([field, size]) => {
    at += size;
    return { field, at: at - size, size };
  });
}

function writeInteger(bytes: Buffer, at: number, size: number, value: bigint): void {
  for (let word = 0; word < size; word += 8) {
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value >> BigInt(8 * word)), at + word);
  }
}

function readField(bytes: Buffer, at: number, size: number): number | bigint | Buffer {
  if (size <= 4) return bytes.readUIntLE(at, size);
  if (size === 8) return bytes.readBigUInt64LE(at);
  if (size === 16) return (bytes.readBigUInt64LE(at + 8) << 64n) | bytes.readBigUInt64LE(at);
  return bytes.subarray(at, at + size);
}
