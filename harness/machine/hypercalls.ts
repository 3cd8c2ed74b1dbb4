import { SprmatrixError } from '../base/error.js';
import type { GdbStub } from './gdb-stub.js';
import type { Hypercall } from './snapshots/snapshot.generated.js';

/**
 * Hypercalls of KVM-HV's start whose effect QEMU's hw/ppc/spapr_nested.c keeps where no state that it saves
 * has it: H_SET_PARTITION_TABLE and H_GUEST_SET_CAPABILITIES (the kernel's asm/hvcall.h).
 */
const UNSAVED: ReadonlySet<bigint> = new Set([0xf800n, 0x464n]);

/** A line of QEMU's `-d int` (target/ppc/excp_helper.c, dump_hcall): r3 to r12, and where it was made. */
const LINE = /^hypercall ((?:r\d+=[0-9a-f]{16} )+)nip=([0-9a-f]{16})$/;

/** GDB's numbers of registers (QEMU's gdb-xml/power64-core.xml). */
const [R3, NIP, MSR] = [3, 64, 65] as const;
/** Bits of the MSR: 64-bit mode, external interrupts, problem state, instruction and data relocation. */
const [SF, EE, PR, IR, DR] = [1n << 63n, 0x8000n, 0x4000n, 0x20n, 0x10n] as const;
/** Bits of QEMU's single step: no interrupts and no timers while it is taken. */
const [STEP_INTERRUPTED, STEP_ALONE] = ['Qqemu.sstep=1', 'Qqemu.sstep=7'] as const;

/** Those of a log of `-d int` that a restored machine has to make again, in their order. */
export function unsavedHypercalls(log: string): Hypercall[] {
  return log.split('\n').flatMap((line) => {
    const [, registers = '', nip] = LINE.exec(line) ?? [];
    const values = [...registers.matchAll(/=([0-9a-f]{16})/g)].map(([, value = '']) => value);
    if (nip === undefined || !UNSAVED.has(BigInt(`0x${values[0] ?? '0'}`))) return [];
    return [{ address: `0x${nip}`, registers: values.map((value) => `0x${value}`) }];
  });
}

/**
 * Has a halted machine make hypercalls where its kernel made them, each as a single step, and leaves it as it
 * was, but for an interrupt that came before: a processor that waits for one makes no step, so that `wake`
 * is to bring one. It goes on by itself then. Errors: `GDB_REFUSED`, `HYPERCALL_REFUSED`.
 */
export async function repeatHypercalls(
  stub: GdbStub,
  calls: readonly Hypercall[],
  wake: () => void,
): Promise<void> {
  await stub.command('qSupported:qXfer:features:read+'); // without it there are no single registers
  await stub.order(STEP_INTERRUPTED);
  wake();
  await stub.command('s');
  await stub.order(STEP_ALONE);
  const order = byteOrderOf(await stub.command(`p${MSR.toString(16)}`));
  for (const { address, registers } of calls) {
    const saved = new Map<number, bigint>();
    const set = async (register: number, value: bigint): Promise<void> =>
      stub.order(`P${register.toString(16)}=${toHex(value, order)}`);
    const get = async (register: number): Promise<bigint> =>
      fromHex(await stub.command(`p${register.toString(16)}`), order);
    for (const register of [NIP, MSR, ...registers.map((_, index) => R3 + index)]) {
      saved.set(register, await get(register));
    }
    await set(MSR, ((saved.get(MSR) ?? 0n) & ~(EE | PR)) | SF | IR | DR);
    await set(NIP, BigInt(address));
    for (const [index, value] of registers.entries()) await set(R3 + index, BigInt(value));
    await stub.command('s');
    const [result, after] = [await get(R3), await get(NIP)];
    for (const [register, value] of saved) await set(register, value);
    if (result !== 0n || after !== BigInt(address) + 4n) {
      throw refused(registers[0], result, after);
    }
  }
  await stub.order('D');
}

function refused(opcode: string | undefined, result: bigint, after: bigint): SprmatrixError {
  return new SprmatrixError({
    code: 'HYPERCALL_REFUSED',
    message: `hypercall ${String(opcode)} was made again and answered ${BigInt.asIntN(64, result)}, at 0x${after.toString(16)}`,
  });
}

/** Registers come in the machine's byte order; the first byte's lowest bit is MSR[LE] or not defined. */
function byteOrderOf(msr: string): 'little' | 'big' {
  return (Buffer.from(msr, 'hex')[0] ?? 0) & 1 ? 'little' : 'big';
}

function fromHex(hex: string, order: 'little' | 'big'): bigint {
  const bytes = Buffer.from(hex, 'hex');
  return order === 'little' ? bytes.readBigUInt64LE() : bytes.readBigUInt64BE();
}

function toHex(value: bigint, order: 'little' | 'big'): string {
  const bytes = Buffer.alloc(8);
  if (order === 'little') bytes.writeBigUInt64LE(value);
  else bytes.writeBigUInt64BE(value);
  return bytes.toString('hex');
}
