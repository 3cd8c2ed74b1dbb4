import { selectByName } from '../base/selectors.js';
import type { Catalogue, CatalogueOptions } from '../kernels/catalogue.js';
import { loadCatalogue } from '../kernels/catalogue.js';
import { buildEntries } from '../kernels/kernel-builds.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { needsCatalogue, selectKernels } from '../kernels/select-kernels.js';
import type { Platform } from '../machine/platforms.js';
import { loadPlatforms, selectPlatforms } from '../machine/platforms.js';
import type { Register } from '../sync/register-table.js';
import { registerTable } from '../sync/register-table.js';
import { plainProgress } from './plain-progress.js';

/** The selectors of a command line, as they were typed: each may be repeated and hold commas. */
export interface Selectors {
  readonly kernel: readonly string[];
  readonly platform: readonly string[];
  readonly register: readonly string[];
  readonly modules?: string | undefined;
  readonly mirror?: string | undefined;
  /** Build paths that are kernel trees first. */
  readonly build?: boolean | undefined;
}

export interface Cell {
  readonly kernel: KernelEntry;
  readonly platform: Platform;
}

export interface Selection {
  readonly cells: readonly Cell[];
  readonly registers: readonly Register[];
  /** Suites that could not be read and the like, for the person. */
  readonly warnings: readonly string[];
}

/** What a run without --kernel boots. */
export const DEFAULT_KERNELS: readonly string[] = ['debian-6.1', 'debian-6.12'];

/**
 * Turns selectors into cells (kernels in the order of their versions, platforms in that of
 * platforms.json) and registers. Every selector must match something: `UNKNOWN_KERNEL`,
 * `UNKNOWN_PLATFORM` and `UNKNOWN_REGISTER` name the value and what there is, nearest first.
 */
export async function resolveSelection(
  selectors: Selectors,
  signal?: AbortSignal,
): Promise<Selection> {
  // Names that need no network are checked first.
  const registers = selectRegisters(selectors.register);
  const platforms = selectPlatforms(selectors.platform, loadPlatforms());
  const wanted = selectors.kernel.length === 0 ? DEFAULT_KERNELS : selectors.kernel;
  const { kernels, warnings } = needsCatalogue(wanted)
    ? await loadKernels({ signal, mirror: selectors.mirror })
    : { kernels: [], warnings: [] };
  const selected = await selectKernels(wanted, kernels, {
    ...{ modules: selectors.modules, build: selectors.build === true, signal },
    onProgress: plainProgress(),
    onNotice: (message) => {
      console.error(message);
    },
  });
  const cells = selected.flatMap((kernel) => platforms.map((platform) => ({ kernel, platform })));
  return { cells, registers, warnings };
}

/** Every kernel that has a name: Debian's, and those that are built from source. */
export async function loadKernels(options: CatalogueOptions): Promise<Catalogue> {
  const { kernels, warnings } = await loadCatalogue(options);
  return { kernels: [...kernels, ...buildEntries()], warnings };
}

/** Registers by name or glob, any case, in the table's order; none at all selects every one. */
export function selectRegisters(selectors: readonly string[]): readonly Register[] {
  return selectors.length === 0
    ? registerTable()
    : selectByName('register', selectors, registerTable(), ({ name }) => name);
}
