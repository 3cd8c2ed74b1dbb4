import { SprmatrixError } from '../base/error.js';
import { selectByName, splitSelectors } from '../base/selectors.js';
import { hardwareOf } from '../hardware/hardware.js';
import type { Catalogue } from '../kernels/catalogue-file.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { loadKernels } from '../kernels/known-kernels.js';
import type { SelectOptions } from '../kernels/select-kernels.js';
import { inIncompleteList, needsCatalogue, selectKernels } from '../kernels/select-kernels.js';
import { availableQemus } from '../machine/available-qemus.js';
import { chooseQemu } from '../machine/obstacles.js';
import type { Platform } from '../machine/platforms.js';
import { loadHardware, loadPlatforms, selectPlatforms } from '../machine/platforms.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { HardwareFlavour } from './run-hardware-cell.js';
import type { Cell, EmulatedCell, HardwareCell } from './cell.js';
import { RUNNING_KERNEL } from '../record/kernel-id.js';
import { spelledRegisters } from '../record/spelled-register.js';
import type { Register } from '../sync/register-table.js';
import { registerTable } from '../sync/register-table.js';
import { withHeartbeat } from '../base/heartbeat.js';
import { plainProgress } from '../base/plain-progress.js';

/** The selectors of a command line, as they were typed: each may be repeated and hold commas. */
export interface Selectors {
  readonly kernel: readonly string[];
  readonly platform: readonly string[];
  readonly register: readonly string[];
  /** Cells one by one, `<kernel selector>/<platform selector>`, instead of kernels and platforms. */
  readonly cell: readonly string[];
  readonly modules?: readonly string[] | undefined;
  readonly mirror?: string | undefined;
  /** The git repository of tags and branches: a short name or an address. */
  readonly git?: string | undefined;
  /** Build paths that are kernel trees first. */
  readonly build?: boolean | undefined;
  /** The KVM to ask of hardware. */
  readonly flavour?: HardwareFlavour | undefined;
}

export interface Selection {
  readonly cells: readonly Cell[];
  readonly registers: readonly Register[];
  /** The kernels that Debian has now, where the list of them was needed. */
  readonly listed: readonly KernelEntry[];
  /** Suites that could not be read and the like, for the person. */
  readonly warnings: readonly string[];
}

/** What a run without --kernel boots. */
const DEFAULT_KERNELS: readonly string[] = ['debian-6.1', 'debian-6.12'];

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
  const { hardware, booted } = splitMachines(selectors);
  const pairs = pairsOf({ ...selectors, platform: booted });
  const isAllHardware = hardware.length > 0 && booted.length === 0;
  if (isAllHardware) return { cells: hardware, registers, listed: [], warnings: [] };
  const all = loadPlatforms();
  const names = loadHardware().map(({ id }) => id);
  const platformsOf = pairs.map(({ platforms }) => selectPlatforms(platforms, all, names));
  const wanted = [...new Set(pairs.flatMap(({ kernels }) => kernels))];
  const list: Catalogue = needsCatalogue(wanted)
    ? await withHeartbeat(
        "reading the list of Debian's kernels",
        loadKernels({ signal, mirror: selectors.mirror }),
      )
    : { kernels: [], warnings: [] };
  const { kernels, warnings } = list;
  const options: SelectOptions = {
    ...{ git: selectors.git, modules: selectors.modules, build: selectors.build === true, signal },
    onProgress: plainProgress(),
    onNotice: (message) => {
      console.error(message);
    },
  };
  const selected = await selectKernels(wanted, kernels, options).catch((error: unknown) => {
    throw inIncompleteList(error, list);
  });
  // One pair means all that was selected; several are named by what each selects.
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
  const listed = kernels.filter(({ source }) => source.kind === 'debian');
  return { cells: [...cells, ...hardware], registers, listed, warnings };
}

/**
 * Throws what is wrong with the names of registers and platforms, as `resolveSelection` does, without
 * reading any kernel.
 */
export function checkNames(selectors: Selectors): void {
  selectRegisters(selectors.register);
  const { booted } = splitMachines(selectors);
  selectPlatforms(
    booted,
    loadPlatforms(),
    loadHardware().map(({ id }) => id),
  );
}

/** `cells`, all of which are booted; throws the usage error `NOT_BOOTED`: `what` needs that. */
export function requireBooted(what: string, cells: readonly Cell[]): EmulatedCell[] {
  return cells.map((cell) => {
    if (cell.isHardware !== true) return cell;
    throw new SprmatrixError({
      code: 'NOT_BOOTED',
      kind: 'usage',
      message: `${what} is for kernels that are booted under QEMU, which ${cell.platform.id} is not`,
    });
  });
}

/**
 * The machines that words of --platform name, and the words that select platforms to boot. Throws the
 * usage errors `KERNEL_IS_RUNNING` for a --kernel or --cell where hardware is named, and
 * `FLAVOUR_OF_PLATFORM` for a --flavour without any.
 */
function splitMachines({ kernel, platform, cell, flavour }: Selectors): {
  hardware: HardwareCell[];
  booted: string[];
} {
  const kinds = loadHardware();
  const words = splitSelectors('platform', platform);
  const named = words.flatMap((word) => hardwareOf(word, kinds) ?? []);
  const [first] = named;
  if (first === undefined && flavour !== undefined) {
    throw new SprmatrixError({
      code: 'FLAVOUR_OF_PLATFORM',
      kind: 'usage',
      message: `--flavour=${flavour} is for hardware, but no --platform names any`,
      hint: 'a platform that is emulated has its flavour: `npx sprmatrix list platforms`',
    });
  }
  const kernelWords =
    kernel.length > 0 ? `--kernel=${kernel.join(',')}` : `--cell=${cell.join(',')}`;
  if (first !== undefined && kernel.length + cell.length > 0) {
    throw new SprmatrixError({
      code: 'KERNEL_IS_RUNNING',
      kind: 'usage',
      message: `${kernelWords} cannot be chosen on --platform=${first.id}: the kernel is the one that runs there`,
      hint: `leave out ${kernelWords.split('=')[0] ?? ''}, or boot the kernel there first`,
    });
  }
  const unique = [...new Map(named.map((machine) => [machine.id, machine])).values()];
  return {
    booted: words.filter((word) => hardwareOf(word, kinds) === undefined),
    hardware: unique.map((machine) => ({
      kernel: { id: RUNNING_KERNEL },
      platform: machine,
      flavour,
      isHardware: true,
    })),
  };
}

/** The QEMUs that cells may use (`availableQemus`); none is looked for where all is hardware. */
export async function qemusFor(
  cells: readonly Cell[],
  named: readonly string[],
): Promise<QemuBinary[]> {
  const booted = cells.filter((cell) => cell.isHardware !== true);
  if (booted.length === 0) return [];
  return availableQemus(named, undefined, (qemus) => {
    const choices = booted.map(({ platform, kernel }) => chooseQemu(platform, kernel, qemus));
    return qemus.filter((qemu) =>
      choices.some((choice) => 'qemu' in choice && choice.qemu === qemu),
    );
  });
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

/**
 * Registers by name or glob, any case, in every spelling of `spelledRegisters`, in the table's order; none
 * at all selects every one.
 */
export function selectRegisters(selectors: readonly string[]): readonly Register[] {
  if (selectors.length === 0) return registerTable();
  const words = splitSelectors('register', selectors).flatMap(
    (word) => spelledRegisters(word)?.map(({ name }) => name) ?? [word],
  );
  return selectByName('register', words, registerTable(), ({ name }) => name);
}
