import type { ByteOrder } from '../guest/doubleword.js';

/**
 * The registers that are no integer but two 64-bit words in memory order (sprsync.h, `struct
 * sprsync_operation`): their values depend on the byte order of the host.
 */
const WORD_PAIRS: ReadonlySet<string> = new Set(['VPA_SLB', 'VPA_DTL', 'VP_STATE']);

/**
 * A register's value as a host of `order` has it, from the value that a little-endian host has; and
 * back.
 */
export function inByteOrder(name: string, value: bigint, order: ByteOrder): bigint {
  if (order === 'little' || !WORD_PAIRS.has(name)) return value;
  return (BigInt.asUintN(64, value) << 64n) | (value >> 64n);
}
