import { SprmatrixError } from '../base/error.js';
import { nameOfCell } from '../cell/cell.js';
import type { Selectors } from '../cell/selection.js';
import type { BootableCell } from '../cell/cell.js';
import { qemusFor, requireBooted, resolveSelection } from '../cell/selection.js';
import type { MachineOptions } from '../cli/options/selector-options.js';
import { prepareKernel } from '../kernels/prepare-kernel.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import { selectingOptions } from '../kernels/select-kernels.js';
import { availableQemus } from '../machine/available-qemus.js';
import { chooseQemu } from '../machine/obstacles.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import { whyCold } from '../machine/snapshots/why-cold.js';
import type { Figure } from './figure.js';

/** What every figure is measured with. */
export interface BenchContext {
  readonly selectors: Selectors & MachineOptions;
  /** How often each thing is measured, in turn with what it is compared to. */
  readonly runs: number;
  /** The same for the whole matrix, which takes minutes. */
  readonly matrixRuns: number;
  /** For records and logs, of this benchmark alone. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** A line about what goes on. */
  readonly say: (text: string) => void;
}

/** One or several figures that are measured together. */
export interface FigureSource {
  /** What --only names. */
  readonly id: string;
  /** What it takes, for --help. */
  readonly what: string;
  /** Takes minutes: measured when it is named, or with --all. */
  readonly isExpensive: boolean;
  /** Takes longer than all others: measured when it is named alone. */
  readonly isNamedOnly?: true | undefined;
  readonly measure: (context: BenchContext) => Promise<Figure[]>;
}

/** A cell with its kernel and its QEMU. */
export interface BenchCell {
  readonly cell: BootableCell;
  readonly name: string;
  readonly kernel: PreparedKernel;
  readonly qemu: QemuBinary;
}

/** Whether the person chose cells; figures have their own otherwise. */
export function hasChosenCells({ kernel, platform, cell }: Selectors): boolean {
  return kernel.length + platform.length + cell.length > 0;
}

/**
 * The cells that the person chose, or those of `defaults` (as --cell takes them), each with the QEMU that
 * `sprmatrix run` would take; where `isWarm`, with the oldest that can restore it. Errors:
 * `CELL_CANNOT_RUN`, those of the selectors and of the kernels.
 */
export async function benchCells(
  { selectors, signal, say }: BenchContext,
  defaults: readonly string[],
  isWarm = false,
): Promise<BenchCell[]> {
  const { cells } = await resolveSelection(
    hasChosenCells(selectors) ? withDefaults(selectors) : { ...selectors, cell: defaults },
    signal,
  );
  const booted = requireBooted('the benchmark', cells);
  const qemus = isWarm
    ? await availableQemus(selectors.qemu)
    : await qemusFor(booted, selectors.qemu);
  const found: BenchCell[] = [];
  for (const cell of booted) {
    const name = nameOfCell(cell);
    say(`${name}: preparing`);
    const { mirror } = selectors;
    const kernel = await prepareKernel(cell.kernel, { signal, mirror, onNotice: say });
    const usable = isWarm
      ? qemus.filter(({ version }) => whyCold(cell.platform, version) === undefined)
      : qemus;
    const choice = chooseQemu(cell.platform, cell.kernel, usable);
    if (choice.obstacle !== undefined) {
      const message = `${name}${isWarm ? ', restored' : ''}: ${choice.obstacle}`;
      throw new SprmatrixError({ code: 'CELL_CANNOT_RUN', message });
    }
    const { qemu } = choice;
    found.push({ cell: { ...cell, qemu }, name, kernel, qemu });
  }
  return found;
}

/** `sprmatrix run` of a cell alone, under its own QEMU. */
export function runArguments({ cell, qemu }: BenchCell, { folder }: BenchContext): string[] {
  return [
    ...['run', ...selectingOptions(cell.kernel), `--platform=${cell.platform.id}`],
    ...[`--qemu=${qemu.path}`, `--out=${folder}`],
  ];
}

/** The figures that `measure` has of each of the cells of `benchCells`, one cell after the other. */
export async function measureCells(
  context: BenchContext,
  { defaults, isWarm }: { readonly defaults: readonly string[]; readonly isWarm?: boolean },
  measure: (cell: BenchCell, context: BenchContext) => Promise<Figure | readonly Figure[]>,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const cell of await benchCells(context, defaults, isWarm)) {
    figures.push(...[await measure(cell, context)].flat());
  }
  return figures;
}

/** Who chooses a kernel alone means the platform that is quickest, and the other way round. */
function withDefaults(selectors: Selectors): Selectors {
  if (selectors.cell.length > 0) return selectors;
  return {
    ...selectors,
    kernel: selectors.kernel.length > 0 ? selectors.kernel : ['debian-6.12'],
    platform: selectors.platform.length > 0 ? selectors.platform : ['pseries-p9-nested'],
  };
}
