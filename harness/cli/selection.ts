import { SprmatrixError } from '../base/error.js';
import { selectByName, splitSelectors } from '../base/selectors.js';
import { hardwareOf } from '../hardware/hardware.js';
import type { HardwarePlatform } from '../hardware/hardware.js';
import type { Catalogue, CatalogueOptions } from '../kernels/catalogue.js';
import { loadCatalogue } from '../kernels/catalogue.js';
import { buildEntries } from '../kernels/kernel-builds.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { needsCatalogue, selectKernels } from '../kernels/select-kernels.js';
import { availableQemus } from '../machine/available-qemus.js';
import type { Platform } from '../machine/platforms.js';
import { loadHardware, loadPlatforms, selectPlatforms } from '../machine/platforms.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { HardwareFlavour } from '../probe/run-hardware-cell.js';
import { RUNNING_KERNEL } from '../record/cell-record.js';
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
  /** The KVM to ask of hardware. */
  readonly flavour?: HardwareFlavour | undefined;
}

/** A kernel that is booted on an emulated platform. */
export interface BootedCell {
  readonly kernel: KernelEntry;
  readonly platform: Platform;
  readonly isHardware?: undefined;
}

/** A machine that is there, with the kernel that runs on it. */
export interface HardwareCell {
  readonly kernel: { readonly id: typeof RUNNING_KERNEL };
  readonly platform: HardwarePlatform;
  readonly flavour?: HardwareFlavour | undefined;
  readonly isHardware: true;
  readonly qemu?: undefined;
  readonly obstacle?: undefined;
}

export type Cell = BootedCell | HardwareCell;

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
  const { platforms, hardware } = selectMachines(selectors);
  if (platforms.length === 0) return { cells: hardware, registers, warnings: [] };
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
  return { cells: [...cells, ...hardware], registers, warnings };
}

/** `cells`, all of which are booted; throws the usage error `NOT_BOOTED`: `what` needs that. */
export function requireBooted(what: string, cells: readonly Cell[]): BootedCell[] {
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
 * The platforms to boot and the machines that are there: the words of --platform that name hardware,
 * and what the others select. Throws the usage errors of both, `KERNEL_IS_RUNNING` for a --kernel
 * where hardware is named, and `FLAVOUR_OF_PLATFORM` for a --flavour without any.
 */
function selectMachines({ kernel, platform, flavour }: Selectors): {
  platforms: Platform[];
  hardware: HardwareCell[];
} {
  const kinds = loadHardware();
  const words = splitSelectors('platform', platform);
  const named = words.flatMap((word) => hardwareOf(word, kinds) ?? []);
  const rest = words.filter((word) => hardwareOf(word, kinds) === undefined);
  const [first] = named;
  if (first === undefined && flavour !== undefined) {
    throw new SprmatrixError({
      code: 'FLAVOUR_OF_PLATFORM',
      kind: 'usage',
      message: `--flavour=${flavour} is for hardware, but no --platform names any`,
      hint: 'a platform that is emulated has its flavour: `npx sprmatrix list platforms`',
    });
  }
  if (first !== undefined && kernel.length > 0) {
    throw new SprmatrixError({
      code: 'KERNEL_IS_RUNNING',
      kind: 'usage',
      message: `--kernel=${kernel.join(',')} cannot be chosen on --platform=${first.id}: the kernel is the one that runs there`,
      hint: 'leave out --kernel, or boot the kernel there first',
    });
  }
  const unique = [...new Map(named.map((machine) => [machine.id, machine])).values()];
  return {
    platforms:
      named.length > 0 && rest.length === 0
        ? []
        : selectPlatforms(
            rest,
            loadPlatforms(),
            kinds.map(({ id }) => id),
          ),
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
  return cells.every(({ isHardware }) => isHardware) ? [] : availableQemus(named);
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
