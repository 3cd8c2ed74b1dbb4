import { SprmatrixError } from '../base/error.js';
import { CONSTANTS, offsetOf, sizeOf } from './layout.js';
import { sizeOfId } from './register-table.js';

/** One ONE_REG call: asked for, or answered. */
export interface Operation {
  readonly id: bigint;
  readonly direction: 'get' | 'put';
  /** The register as an unsigned integer. */
  readonly value: bigint;
  /** 0, a negative errno, or `PENDING`. */
  readonly error: number;
}

/** The error of an operation that was not executed (`SPRSYNC_PENDING`). */
export const PENDING = CONSTANTS.SPRSYNC_PENDING;

/** `sizeof(struct sprsync_operation)`. */
export const OPERATION_SIZE = sizeOf('sprsync_operation');

const OFFSET = {
  id: offsetOf('sprsync_operation', 'id'),
  value: offsetOf('sprsync_operation', 'value'),
  valueHigh: offsetOf('sprsync_operation', 'value') + 8,
  direction: offsetOf('sprsync_operation', 'direction'),
  error: offsetOf('sprsync_operation', 'error'),
} as const;
const DIRECTION = { get: CONSTANTS.SPRSYNC_GET, put: CONSTANTS.SPRSYNC_PUT } as const;
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * An array of `struct sprsync_operation` in memory. koffi runs on little endian machines only, where
 * a value's bytes and the integer's are in the same order.
 */
export function toNative(operations: readonly Operation[]): Buffer {
  const buffer = Buffer.alloc(operations.length * OPERATION_SIZE);
  const view = viewOf(buffer);
  let at = 0;
  for (const operation of operations) {
    view.setBigUint64(at + OFFSET.id, operation.id, true);
    writeValue(view, at, operation);
    view.setUint32(at + OFFSET.direction, DIRECTION[operation.direction], true);
    view.setInt32(at + OFFSET.error, operation.error, true);
    at += OPERATION_SIZE;
  }
  return buffer;
}

function writeValue(view: DataView, at: number, { id, value }: Operation): void {
  // Read back from the view, which is cheaper than shifting the bigint.
  const size = sizeAt(view, at);
  if (value < 0n || value > MAX_UINT64 || size < 8) {
    const bits = 8n * BigInt(Math.min(size, 16));
    if (value >> bits !== 0n) throw valueError(id, value);
  }
  view.setBigUint64(at + OFFSET.value, value, true);
  if (size > 8) view.setBigUint64(at + OFFSET.valueHigh, value >> 64n, true);
}

function valueError(id: bigint, value: bigint): SprmatrixError {
  const sign = value < 0n ? '-' : '';
  const hex = (value < 0n ? -value : value).toString(16);
  return new SprmatrixError({
    code: 'SPRSYNC_VALUE',
    message: `${sign}0x${hex} is no value of the ${8 * Math.min(sizeOfId(id), 16)}-bit register 0x${id.toString(16)}`,
  });
}

/** The reverse of `toNative`: the first `count` operations in `buffer`. */
export function fromNative(buffer: Uint8Array, count: number): Operation[] {
  const view = viewOf(buffer);
  const operations: Operation[] = [];
  for (let at = 0; at < count * OPERATION_SIZE; at += OPERATION_SIZE) {
    const low = view.getBigUint64(at + OFFSET.value, true);
    operations.push({
      id: view.getBigUint64(at + OFFSET.id, true),
      direction: view.getUint32(at + OFFSET.direction, true) === DIRECTION.get ? 'get' : 'put',
      value:
        sizeAt(view, at) <= 8 ? low : (view.getBigUint64(at + OFFSET.valueHigh, true) << 64n) | low,
      error: view.getInt32(at + OFFSET.error, true),
    });
  }
  return operations;
}

function sizeAt(view: DataView, at: number): number {
  return 1 << ((view.getUint32(at + OFFSET.id + 4, true) >>> 20) & 0xf);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
