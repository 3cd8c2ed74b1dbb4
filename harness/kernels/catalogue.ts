import { abortedError } from '../base/deadline.js';
import type { Catalogue, CatalogueOptions } from './catalogue-file.js';
import { cataloguePath, isUsable, readKnown } from './catalogue-file.js';

/**
 * Debian's kernels: from the cache when that is young, else from the mirror. A suite that cannot be
 * read is a warning, and a list without it is not kept: the next command tries again. A mirror that cannot
 * be read at all is a warning, too, when an older list is there. A kernel that has left the suites stays as long
 * as it is in the cache, with a warning.
 */
export async function loadCatalogue(options: CatalogueOptions = {}): Promise<Catalogue> {
  if (options.signal?.aborted === true) throw abortedError('list of kernels');
  const known = await readKnown(cataloguePath(options.cacheFolder));
  if (known !== undefined && isUsable(known, options)) return known;
  // Most commands find a young list: apt and locks, which take longer to load than it takes to read, are not for them.
  const { refreshCatalogue } = await import('./refresh-catalogue.js');
  return refreshCatalogue(options);
}
