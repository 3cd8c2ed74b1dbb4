import { resolve } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { runTool } from '../base/tool.js';
import type { QemuBinary } from './qemu-binary.js';
import { fetchedQemus, isWhole } from './newer-qemu.js';
import { findQemu } from './qemu-binary.js';

/** What heads QEMU's answer to `-machine help` (softmmu/vl.c). */
const HEADING = 'Supported machines are:';

/**
 * The QEMU that a person named, by its path or by a name on the PATH, once it was seen to run and to
 * emulate ppc64; its path is absolute. Errors: those of `findQemu`; `QEMU_NOT_PPC64`; `QEMU_BROKEN` when it ends in another way.
 */
export async function namedQemu(named: string): Promise<QemuBinary> {
  // Whoever starts it may stand in another folder; a name alone is looked for on the PATH.
  const path = named.includes('/') ? resolve(named) : named;
  // One that was fetched said all this then.
  const fetched = (await fetchedQemus()).find((it) => it.path === path);
  if (fetched !== undefined && (await isWhole(fetched))) return fetched;
  const machines = runTool(path, ['-machine', 'help']);
  machines.catch(() => undefined); // a QEMU that is not there is reported by its version
  const qemu = await findQemu(path);
  let list: string;
  try {
    list = await machines;
  } catch (error) {
    throw new SprmatrixError({
      code: 'QEMU_BROKEN',
      message: `${path} says its version (${qemu.version}) and no machines`,
      cause: error,
      evidence: error instanceof SprmatrixError ? error.evidence : [],
      hint: `does it run at all? ${path} -machine help`,
    });
  }
  if (list.includes(HEADING) && !/^pseries/m.test(list)) {
    throw new SprmatrixError({
      code: 'QEMU_NOT_PPC64',
      message: `${path} emulates no ppc64: pseries is not among its machines`,
      evidence: list.trimEnd().split('\n').slice(1, 4),
      hint: 'name a qemu-system-ppc64',
    });
  }
  return qemu;
}
