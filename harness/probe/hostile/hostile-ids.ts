import type { Register } from '../../sync/register-table.js';
import { findRegisterById, registerTable } from '../../sync/register-table.js';
import type { HostilePlan } from './hostile-plan.js';
import { SeededRandom } from './seeded-random.js';

/*
 * An id is an architecture (bits 60 to 63), the log2 of a size in bytes (bits 52 to 55) and an index
 * (include/uapi/linux/kvm.h: KVM_REG_ARCH_MASK, KVM_REG_SIZE_MASK); on ppc the indexes of
 * transactional memory have bit 43 (arch/powerpc/include/uapi/asm/kvm.h: KVM_REG_PPC_TM).
 */
const ARCH_SHIFT = 60n;
const SIZE_SHIFT = 52n;
const PPC = 1n << ARCH_SHIFT;
const TM = 0x8n << 40n;
const INDEX = (1n << SIZE_SHIFT) - 1n;
/** The sizes that the table has: 32, 64 and 128 bits. */
const TABLE_SIZES = [2n, 3n, 4n];
const ALL_SIZES = Array.from({ length: 16 }, (_, log2) => BigInt(log2));

const idOf = (size: bigint, index: bigint): bigint => PPC | (size << SIZE_SHIFT) | index;
const isUnknown = (id: bigint): boolean => findRegisterById(id) === undefined;
const indexOf = ({ id }: Pick<Register, 'id'>): bigint => id & INDEX;

/** Ids that differ from those of registers in the architecture alone. */
export function foreignIds(registers: readonly Register[]): bigint[] {
  const architectures = Array.from({ length: 16 }, (_, arch) => BigInt(arch) << ARCH_SHIFT);
  return registers.flatMap(({ id }) =>
    architectures.filter((arch) => arch !== PPC).map((arch) => arch | (id & ~(15n << ARCH_SHIFT))),
  );
}

/** In each size of the table, the first and the last index of every gap, and some far behind. */
export function unusedIds(): bigint[] {
  const used = [...new Set(registerTable().map(indexOf))].sort((a, b) => (a < b ? -1 : 1));
  const ends = used.flatMap((index, at) => {
    const next = used[at + 1];
    return next === index + 1n ? [] : [index + 1n, ...(next === undefined ? [] : [next - 1n])];
  });
  const far = [0n, 0x3ffn, 0xffffn, 0xff_ffffn, TM - 1n, TM | 0xffffn, INDEX];
  const indexes = [...new Set([...ends, ...far])];
  return TABLE_SIZES.flatMap((size) => indexes.map((index) => idOf(size, index))).filter(isUnknown);
}

/** An index that no register has, in each of the 16 sizes that an id can name. */
export function sizedIds(): bigint[] {
  return ALL_SIZES.map((size) => idOf(size, 0x3ffn));
}

/** Each register's index in a size that is not its own; all wrong sizes come up in turn. */
export function wrongSizeIds(registers: readonly Register[]): bigint[] {
  return registers.flatMap((register, at) => {
    const wrong = ALL_SIZES.map((size) => idOf(size, indexOf(register))).filter(isUnknown);
    return wrong.slice(at % wrong.length, (at % wrong.length) + 1);
  });
}

/**
 * Random ids of four kinds in turn: any 64 bits; ppc's with any index; ppc's with an index among those
 * of registers; the same of transactional memory. Some name a register. More ids of one seed begin with
 * the same.
 */
export function randomIds({ ids, seed }: HostilePlan): bigint[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: ids }, (_, at) => {
    const bits = random.next();
    const size = TABLE_SIZES[Number((bits >> 60n) % 3n)] ?? 3n;
    switch (at % 4) {
      case 0:
        return bits;
      case 1:
        return PPC | (bits & ((1n << 60n) - 1n) & ~(0xfn << 56n));
      case 2:
        return idOf(size, bits & 0x3ffn);
      default:
        return idOf(size, TM | (bits & 0xffn));
    }
  });
}
