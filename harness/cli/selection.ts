import { SprmatrixError } from '../base/error.js';
import { selectByName, splitSelectors } from '../base/selectors.js';
import type { Catalogue, CatalogueOptions } from '../kernels/catalogue.js';
import { loadCatalogue } from '../kernels/catalogue.js';
import { buildEntries } from '../kernels/kernel-builds.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import type { FileKernelOptions } from '../kernels/file-kernel.js';
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
  /** Cells one by one, `<kernel selector>/<platform selector>`, instead of kernels and platforms. */
  readonly cell: readonly string[];
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
 * Usage errors of --cell: `CELL_SELECTOR`.
 */
export async function resolveSelection(
  selectors: Selectors,
  signal?: AbortSignal,
): Promise<Selection> {
  // Names that need no network are checked first.
  const registers = selectRegisters(selectors.register);
  const pairs = pairsOf(selectors);
  const all = loadPlatforms();
  const platformsOf = pairs.map(({ platforms }) => selectPlatforms(platforms, all));
  const wanted = [...new Set(pairs.flatMap(({ kernels }) => kernels))];
  const { kernels, warnings } = needsCatalogue(wanted)
    ? await loadKernels({ signal, mirror: selectors.mirror })
    : { kernels: [], warnings: [] };
  const options: FileKernelOptions = {
    ...{ modules: selectors.modules, build: selectors.build === true, signal },
    onProgress: plainProgress(),
    onNotice: (message) => {
      console.error(message);
    },
  };
  const selected = await selectKernels(wanted, kernels, options);
  // One pair means all that was selected; several are told apart by what each selects.
  const kernelsOf =
    pairs.length === 1
      ? [selected]
      : await Promise.all(pairs.map(async (pair) => selectKernels(pair.kernels, kernels, options)));
  const isWanted = (kernel: KernelEntry, platform: Platform): boolean =>
    pairs.some(
      (_, index) =>
        kernelsOf[index]?.some(({ id }) => id === kernel.id) === true &&
        platformsOf[index]?.includes(platform) === true,
    );
  const cells = selected.flatMap((kernel) =>
    all.filter((platform) => isWanted(kernel, platform)).map((platform) => ({ kernel, platform })),
  );
  return { cells, registers, warnings };
}

/** Kernels and platforms that go together: every kernel with every platform. */
interface SelectorPair {
  readonly kernels: readonly string[];
  readonly platforms: readonly string[];
}

function pairsOf({ kernel, platform, cell }: Selectors): SelectorPair[] {
  if (cell.length === 0) {
    return [{ kernels: kernel.length === 0 ? DEFAULT_KERNELS : kernel, platforms: platform }];
  }
  const other = kernel.length > 0 ? '--kernel' : '--platform';
  if (kernel.length > 0 || platform.length > 0) {
    throw cellSelectorError(`--cell says kernel and platform, and ${other} is there too`);
  }
  return splitSelectors('cell', cell).map((word) => {
    // A kernel may be a path: the platform is what follows the last slash.
    const [, kernelWord, platformWord] = /^(.+)\/([^/]+)$/.exec(word) ?? [];
    if (kernelWord !== undefined && platformWord !== undefined) {
      return { kernels: [kernelWord], platforms: [platformWord] };
    }
    throw cellSelectorError(`--cell="${word}" is no kernel and platform`);
  });
}

function cellSelectorError(message: string): SprmatrixError {
  return new SprmatrixError({
    code: 'CELL_SELECTOR',
    kind: 'usage',
    message,
    hint: 'a cell is <kernel>/<platform>, e.g. --cell=debian-6.12/powernv9; `sprmatrix list cells` shows all',
  });
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
