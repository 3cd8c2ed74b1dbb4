import { existsSync } from 'node:fs';
import type { ByteOrder } from '../base/byte-order.js';
import { repositoryPath } from '../base/paths.js';
import { cannotRunError } from './obstacles.js';
import type { Platform } from './platforms.js';

/** Folders under build/guest, by the byte order of the kernels that the agent in it runs on. */
const ARCHITECTURES: Readonly<Record<ByteOrder, string>> = { little: 'ppc64le', big: 'ppc64' };

/** The agent of a byte order, as `npm run setup` builds it. */
export function agentPath(byteOrder: ByteOrder): string {
  return repositoryPath('build/guest', ARCHITECTURES[byteOrder], 'agent');
}

/**
 * The agent for a kernel on a platform. Throws `CELL_CANNOT_RUN` when the platform does not boot
 * kernels of that byte order, and when the big-endian agent, which not every run needs, is not built.
 */
export function agentForCell(
  cell: string,
  platform: Platform,
  kernel: { readonly byteOrder: ByteOrder },
): string {
  const { byteOrder } = kernel;
  if (!platform.byteOrders.includes(byteOrder)) {
    throw cannotRunError(cell, `${platform.id} boots no ${byteOrder}-endian kernel`);
  }
  const path = agentPath(byteOrder);
  if (byteOrder === 'big' && !existsSync(path)) {
    throw cannotRunError(
      cell,
      'the big-endian agent is not built; `npm run setup -- --big-endian` builds it',
    );
  }
  return path;
}
