import type { ByteOrder } from '../../base/byte-order.js';

/** The unsigned 64-bit value at an offset. */
export function readDoubleword(bytes: Buffer, offset: number, order: ByteOrder): bigint {
  return order === 'little' ? bytes.readBigUInt64LE(offset) : bytes.readBigUInt64BE(offset);
}

/** Writes an unsigned 64-bit value at an offset. */
export function writeDoubleword(
  bytes: Buffer,
  offset: number,
  value: bigint,
  order: ByteOrder,
): void {
  if (order === 'little') bytes.writeBigUInt64LE(value, offset);
  else bytes.writeBigUInt64BE(value, offset);
}
