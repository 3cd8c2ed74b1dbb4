import { join } from 'node:path';
import { cacheRoot } from '../base/paths.js';
import { shortHash } from '../base/short-hash.js';
import type { DebianKernel } from './kernel-catalogue.generated.js';
import { kernelSources } from './kernel-sources.js';

/** Raised when a cache entry gets another shape, so that entries of before are not read. */
export const ENTRY_LAYOUT = 1;

/** Where the cache has a kernel of Debian's, unpacked, or would have it. */
export function debianFolder(
  { id, source }: Pick<DebianKernel, 'id' | 'source'>,
  cacheFolder = cacheRoot(),
): string {
  const content = [ENTRY_LAYOUT, source.packages.map((it) => it.sha256), kernelSources().modules];
  return join(cacheFolder, 'kernels', `${id}-${shortHash(content)}`);
}
