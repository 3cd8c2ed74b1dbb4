import type { Catalogue, CatalogueOptions } from './catalogue-file.js';
import { loadCatalogue } from './catalogue.js';
import { buildEntries } from './kernel-builds.js';
import { upstreamEntries } from './upstream/upstream-entry.js';

/** Every kernel that has a name: Debian's, and those that are built from source. */
export async function loadKernels(options: CatalogueOptions): Promise<Catalogue> {
  const list = await loadCatalogue(options);
  return { ...list, kernels: [...list.kernels, ...buildEntries(), ...upstreamEntries()] };
}
