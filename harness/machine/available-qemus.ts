import { SprmatrixError } from '../base/error.js';
import { fetchedQemus } from './newer-qemu.js';
import type { QemuBinary } from './qemu-binary.js';
import { findQemu } from './qemu-binary.js';

/**
 * The QEMUs that a run may use: those that are `named`, else the one of `$SPRMATRIX_QEMU`, and no
 * other; else this machine's own and those that `setup --newer-qemu` has fetched.
 * Errors: those of `findQemu` when a named one, or all of them, cannot be had.
 */
export async function availableQemus(
  named: readonly string[] = [],
  cacheFolder?: string,
): Promise<QemuBinary[]> {
  if (named.length > 0) return Promise.all(named.map(async (path) => findQemu(path)));
  const ofEnvironment = process.env['SPRMATRIX_QEMU'];
  if (ofEnvironment !== undefined && ofEnvironment !== '') return [await findQemu()];
  const fetched = await fetchedQemus(cacheFolder);
  try {
    return [await findQemu(), ...fetched];
  } catch (error) {
    if (isMissing(error) && fetched.length > 0) return fetched;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof SprmatrixError && error.code === 'QEMU_MISSING';
}
