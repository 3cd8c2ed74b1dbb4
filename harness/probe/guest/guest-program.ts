import * as code from './instructions.js';
import type { ByteOrder } from '../../base/byte-order.js';
import type { GuestStep } from './guest-step.js';
import { accessInstructions, encodeValue, GuestRegister, SLOT } from './guest-step.js';

/**
 * How a guest stops: `hypercall` is `sc 1` with a number that KVM-HV hands to the VMM
 * (KVM_EXIT_PAPR_HCALL). Under KVM-PR an `sc 1` is the outer hypervisor's, so that a store to an
 * address without memory is the way out (KVM_EXIT_MMIO).
 */
export type GuestExitKind = 'hypercall' | 'mmio';

/** A piece of the guest's memory, with its real address. */
export interface MemoryPiece {
  readonly address: bigint;
  readonly bytes: Buffer;
}

export interface GuestProgram {
  readonly pieces: readonly MemoryPiece[];
  readonly entry: bigint;
}

/** Guest real addresses. Interrupt vectors are below CODE (Power ISA v3.0B, Book III, 6.5). */
const VECTORS_END = 0x1000;
const CODE = 0x1_0000;
const SLOTS = 0x10_0000;
/** Bytes of memory at address 0; nothing answers behind it. */
export const GUEST_MEMORY = 0x100_0000n;
const NO_MEMORY = 0x1000_0000;
/** Where `loopProgram` notes that it runs. */
const COUNTER = 0x20_0000;
/** No hypercall of PAPR or of KVM (arch/powerpc/include/asm/hvcall.h). */
const EXIT_HYPERCALL = 0x4240;

/**
 * The vectors of interrupts that a guest can get with external interrupts off. A handler has eight
 * words where vectors are 0x20 apart.
 */
const VECTORS = [
  ...[0x100, 0x200, 0x300, 0x380, 0x400, 0x480, 0x500, 0x600, 0x700, 0x800, 0x900, 0x980],
  ...[0xa00, 0xc00, 0xd00, 0xe00, 0xe20, 0xe40, 0xe60, 0xe80, 0xea0],
  ...[0xf00, 0xf20, 0xf40, 0xf60, 0xf80],
] as const;

/** SPR numbers of SRR0 and SRR1. */
const SRR0 = 26;
const SRR1 = 27;

/**
 * A program that stops once at its start, makes every access in order, each with a slot of its own, and
 * stops again; what is then left to do, `afterwards`, ends with a stop too. An access that traps has the
 * vector as its state, and the program goes on behind it.
 * Without the first stop it would be chance whether the guest left and came back before it reads: what
 * KVM loses on the way out (MMCRS on POWER8) would be seen in some runs only.
 */
export function guestProgram(
  steps: readonly GuestStep[],
  order: ByteOrder,
  exit: GuestExitKind,
  afterwards: readonly GuestStep[] = [],
): GuestProgram {
  const all = [...steps, ...afterwards];
  const words = [...entryCode(), ...exitInstructions(exit)];
  all.forEach((step, index) => {
    if (index === steps.length) words.push(...exitInstructions(exit));
    // How long a step is does not depend on where it ends.
    const length = stepWords(step, index, 0).length;
    words.push(...stepWords(step, index, CODE + (words.length + length) * 4));
  });
  words.push(...exitInstructions(exit), code.b(0));
  return {
    entry: BigInt(CODE),
    pieces: [
      { address: 0n, bytes: wordsToBytes(vectorPage(), order) },
      { address: BigInt(CODE), bytes: wordsToBytes(words, order) },
      {
        address: BigInt(SLOTS),
        bytes: Buffer.concat(
          all.map((step) =>
            Buffer.concat([encodeValue(step, order), Buffer.alloc(SLOT.size - 16)]),
          ),
        ),
      },
    ],
  };
}

/** A program that notes once that it runs, in the doubleword at `counter`, and never stops. */
export function loopProgram(order: ByteOrder): GuestProgram & { readonly counter: bigint } {
  const { operand, index } = GuestRegister;
  const body = [
    ...loadNumber(index, COUNTER),
    ...[code.li(operand, 1), code.std(operand, 0, index), code.b(0)],
  ];
  return {
    entry: BigInt(CODE),
    counter: BigInt(COUNTER),
    pieces: [
      { address: 0n, bytes: wordsToBytes(vectorPage(), order) },
      { address: BigInt(CODE), bytes: wordsToBytes(body, order) },
      { address: BigInt(COUNTER), bytes: Buffer.alloc(8) },
    ],
  };
}

/** Where the slots are, and how many bytes `count` of them take. */
export function slotArea(count: number): { readonly address: bigint; readonly size: number } {
  return { address: BigInt(SLOTS), size: count * SLOT.size };
}

/** The step whose slot a general register holds: where a guest that did not stop is. */
export function stepOfSlot(address: bigint): number {
  return Number(address - BigInt(SLOTS)) / SLOT.size;
}

function stepWords(step: GuestStep, index: number, resume: number): number[] {
  const { operand, slot, state } = GuestRegister;
  return [
    ...loadNumber(slot, SLOTS + index * SLOT.size),
    ...loadNumber(GuestRegister.resume, resume),
    code.li(GuestRegister.index, SLOT.output),
    code.ld(operand, SLOT.input, slot),
    ...accessInstructions(step),
    code.li(state, 1),
    code.std(state, SLOT.state, slot),
  ];
}

/**
 * Switches on what the accesses need. The guest does it, not KVM_SET_REGS: in KVM-PR that call, with
 * MSR[FP], mixes the vCPU's floating-point registers with the caller's (arch/powerpc/kvm/book3s.c,
 * kvm_arch_vcpu_ioctl_set_regs: no vcpu_load around kvmppc_set_msr).
 */
function entryCode(): number[] {
  const { resume, msr } = GuestRegister;
  const length = 5;
  return [
    ...loadNumber(resume, CODE + length * 4),
    ...[code.mtspr(SRR0, resume), code.mtspr(SRR1, msr), code.rfid()],
  ];
}

/** Every vector says which it is and branches to the code that notes it and goes on. */
function vectorPage(): number[] {
  const { state, slot, resume, msr } = GuestRegister;
  const page = new Array<number>(VECTORS_END / 4).fill(0);
  for (const vector of VECTORS) {
    page[vector / 4] = code.li(state, vector);
    page[vector / 4 + 1] = code.b(VECTORS_END - (vector + 4));
  }
  return [
    ...page,
    code.std(state, SLOT.state, slot),
    // The interrupt switched floating point, vectors and transactional memory off.
    code.mtspr(SRR0, resume),
    code.mtspr(SRR1, msr),
    code.rfid(),
  ];
}

/** The guest leaves to the VMM. */
export function exitInstructions(exit: GuestExitKind): number[] {
  const { operand, index } = GuestRegister;
  return exit === 'hypercall'
    ? [code.li(operand, EXIT_HYPERCALL), code.sc(1)]
    : [...loadNumber(index, NO_MEMORY), code.stw(operand, 0, index)];
}

/** Loads a number below 2 GiB. */
export function loadNumber(register: number, value: number): [number, number] {
  return [code.lis(register, value >>> 16), code.ori(register, register, value & 0xffff)];
}

/** Instructions as they lie in the guest's memory. */
export function wordsToBytes(words: readonly number[], order: ByteOrder): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((value, index) => {
    if (order === 'little') bytes.writeUInt32LE(value, index * 4);
    else bytes.writeUInt32BE(value, index * 4);
  });
  return bytes;
}
