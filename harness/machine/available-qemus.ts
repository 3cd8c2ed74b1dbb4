import { SprmatrixError } from '../base/error.js';
import { namedQemu } from './named-qemu.js';
import { fetchedQemus, isWhole } from './newer-qemu.js';
import type { QemuBinary } from './qemu-binary.js';
import { findQemu } from './qemu-binary.js';

/**
 * The QEMUs that a run may use: those that are `named`, else the one of `$SPRMATRIX_QEMU`, and no
 * other; else this machine's own and those that `setup --newer-qemu` has fetched. Of those, the ones
 * that are `wanted` out of all were read whole, and one that is damaged is left out.
 * Errors: those of `findQemu` when a named one, or all of them, cannot be had.
 */
export async function availableQemus(
  named: readonly string[] = [],
  cacheFolder?: string,
  wanted: (qemus: readonly QemuBinary[]) => readonly QemuBinary[] = (qemus) => qemus,
): Promise<QemuBinary[]> {
  if (named.length > 0) return Promise.all(named.map(qemuOfWord));
  const ofEnvironment = process.env['SPRMATRIX_QEMU'];
  if (ofEnvironment !== undefined && ofEnvironment !== '') return [await namedQemu(ofEnvironment)];
  const own = await findOwn();
  let fetched = await fetchedQemus(cacheFolder);
  for (;;) {
    const all = own === undefined ? fetched : [own, ...fetched];
    const used = wanted(all).filter((qemu) => fetched.includes(qemu));
    const whole = await Promise.all(used.map(isWhole));
    const damaged = used.filter((_, index) => whole[index] !== true);
    // Without any QEMU, this says so.
    if (damaged.length === 0) return all.length > 0 ? all : [await findQemu()];
    fetched = fetched.filter((qemu) => !damaged.includes(qemu));
  }
}

/** What --qemu names: this machine's own with the word `system`, else a path or a name on the PATH. */
async function qemuOfWord(word: string): Promise<QemuBinary> {
  return namedQemu(word === 'system' ? 'qemu-system-ppc64' : word);
}

async function findOwn(): Promise<QemuBinary | undefined> {
  return findQemu().catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof SprmatrixError && error.code === 'QEMU_MISSING';
}
