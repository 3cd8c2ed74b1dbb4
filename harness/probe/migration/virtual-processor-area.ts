import type { MemoryPiece } from '../guest/guest-program.js';

/** Offset of `pmcregs_in_use` in struct lppaca (arch/powerpc/include/asm/lppaca.h). */
const PMCREGS_IN_USE = 0xbb;

/**
 * The guest's virtual processor area, in which it says that it uses the PMU: KVM saves the PMU's
 * registers of no other guest that has such an area. None for a guest that registered none.
 */
export function virtualProcessorArea(registers: ReadonlyMap<string, bigint>): MemoryPiece[] {
  const address = registers.get('VPA_ADDR') ?? 0n;
  return address === 0n
    ? []
    : [{ address: address + BigInt(PMCREGS_IN_USE), bytes: Buffer.from([1]) }];
}
