import type { Register } from '../sync/register-table.js';
import { registerTable } from '../sync/register-table.js';
import { SPRS } from './sprs.js';

/** What headers put before a register's name: asm/kvm.h, the kernel's asm/reg.h, QEMU's cpu.h. */
const PREFIXES = /^(KVM_REG_PPC_|SPRN_|SPR_(POWER_|BOOKS_|BOOKE_|BOOK3S_)?)/;

/** Names that differ from asm/kvm.h's: QEMU's (SPR_DAWR0), binutils' and gdb's (vs0, f0). */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  DAWR0: 'DAWR',
  DAWRX0: 'DAWRX',
  PIDR: 'PID',
  TID: 'TIDR',
};
const NUMBERED: Readonly<Record<string, string>> = {
  F: 'FPR',
  FR: 'FPR',
  V: 'VR',
  VS: 'VSR',
  VSR: 'VSR',
};

/**
 * The registers that a word means, in whatever way it is written: the name of asm/kvm.h with or without
 * KVM_REG_PPC_, the kernel's SPRN_ and QEMU's SPR_ names, a ONE_REG id (0x1030000000000016), the number of
 * an SPR (318, 0x13e), in any case. Undefined for a word that is none of these: a glob, or no name.
 */
export function spelledRegisters(word: string): readonly Register[] | undefined {
  const number = numberOf(word);
  if (number !== undefined) {
    const found = registerTable().filter(
      ({ id, spr }) => id === number || BigInt(spr ?? -1) === number,
    );
    return found.length === 0 ? undefined : found;
  }
  const name = plainName(word);
  const found = registerTable().find((register) => register.name === name);
  return found === undefined ? undefined : [found];
}

/** The number of an SPR that has no row, by its number or by its name in the Power ISA. */
export function spelledSpr(word: string): number | undefined {
  const number = numberOf(word);
  if (number !== undefined) return number <= 1023n ? Number(number) : undefined;
  const name = word.toUpperCase().replace(PREFIXES, '');
  return [...SPRS.values()].find((spr) => spr.name === name)?.number;
}

function numberOf(word: string): bigint | undefined {
  return /^(0x[0-9a-f]+|\d+)$/i.test(word) ? BigInt(word) : undefined;
}

function plainName(word: string): string {
  const name = word.toUpperCase().replace(PREFIXES, '');
  const numbered = /^([A-Z]+)(\d+)$/.exec(name);
  const group = NUMBERED[numbered?.[1] ?? ''];
  if (group === undefined) return OTHER_NAMES[name] ?? name;
  const index = Number(numbered?.[2]);
  // The upper half of the VSRs is the VRs.
  return group === 'VSR' && index >= 32 ? `VR${index - 32}` : `${group}${index}`;
}
