import { SprmatrixError } from '../base/error.js';
import { errnoName } from './errno.js';
import { library } from './library.js';
import { CONSTANTS } from './layout.js';
import { fromNative, OPERATION_SIZE, toNative } from './native-operations.js';
import type { Operation } from './native-operations.js';

const ENCODED_SIZE = CONSTANTS.SPRSYNC_ENCODED_SIZE;

export type { Operation } from './native-operations.js';
export { PENDING } from './native-operations.js';

/**
 * Operations in the form in which they travel to another machine (`sprsync_encode`): 32 bytes each,
 * the same from hosts of both byte orders. `SPRSYNC_VALUE` when a value does not fit its register.
 */
export function encodeOperations(operations: readonly Operation[]): Buffer {
  const bytes = Buffer.alloc(operations.length * ENCODED_SIZE);
  const written = library().encode(
    toNative(operations),
    operations.length,
    bytes,
    bytes.byteLength,
  );
  if (written < 0) throw wireError('encoded', operations.length * ENCODED_SIZE, written);
  return bytes;
}

/** The reverse of `encodeOperations` (`sprsync_decode`); `SPRSYNC_WIRE` for bytes that are none. */
export function decodeOperations(bytes: Uint8Array): Operation[] {
  const capacity = Math.floor(bytes.byteLength / ENCODED_SIZE);
  const native = Buffer.alloc(capacity * OPERATION_SIZE);
  const count = library().decode(bytes, bytes.byteLength, native, capacity);
  if (count < 0) throw wireError('decoded', bytes.byteLength, count);
  return fromNative(native, count);
}

function wireError(what: string, size: number, error: number): SprmatrixError {
  return new SprmatrixError({
    code: 'SPRSYNC_WIRE',
    message: `operations of ${size} bytes (${ENCODED_SIZE} each) cannot be ${what}: ${errnoName(error)}`,
  });
}
