import { nameOfCell } from '../cell/cell.js';
import { cellName } from '../record/cell-name.js';
import { fittedTable } from './progress/fitted-table.js';
import { readBaselines } from '../judge/baseline.js';
import { messageOf } from '../base/error.js';
import { checkLocalMachine } from '../hardware/local-machine.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { availableQemus } from '../machine/available-qemus.js';
import { chooseQemu } from '../machine/obstacles.js';
import type { Hardware } from '../machine/platforms.js';
import { loadHardware, loadPlatforms } from '../machine/platforms.js';
import { RUNNING_KERNEL } from '../record/kernel-id.js';
import { registerTable } from '../sync/register-table.js';
import { loadKernels } from '../cell/selection.js';

/** What `sprmatrix list` can list. */
export const LISTS = ['kernels', 'platforms', 'registers', 'cells'] as const;
export type ListName = (typeof LISTS)[number];

export interface ListOptions {
  readonly json: boolean;
  readonly mirror?: string | undefined;
  /** Read the suites' indexes again, however new the catalogue is. */
  readonly refresh: boolean;
}

/** One thing of a list: its columns by name, the same for each. */
type ListRow = Readonly<Record<string, string | number | boolean | null>>;

/** `sprmatrix list`: a table for people, or with --json an array of objects. */
export async function listCommand(what: ListName, options: ListOptions): Promise<void> {
  const rows = await rowsOf(what, options);
  if (options.json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const texts = rows.map((row) => Object.values(row).map((value) => String(value ?? '')));
  console.log(fittedTable(Object.keys(rows[0] ?? {}), texts));
}

async function rowsOf(what: ListName, options: ListOptions): Promise<ListRow[]> {
  switch (what) {
    case 'kernels':
      return kernelRows(options);
    case 'platforms':
      return listPlatforms();
    case 'registers':
      return registerTable().map(({ name, spr, id, sizeBytes, group, level }) => ({
        name,
        spr: spr ?? null,
        id: `0x${id.toString(16)}`,
        bits: sizeBytes * 8,
        group,
        level,
      }));
    case 'cells':
      return listCells(options);
  }
}

/** Emulated platforms, then hardware, whose machine, CPU and QEMU are its own. */
function listPlatforms(): ListRow[] {
  return [
    ...loadPlatforms().map(({ id, title, flavour, qemu, machine, cpu, isDefault }) => {
      const type = machine.split(',')[0] ?? machine;
      return { id, title, flavour, machine: type, cpu, qemu: `>= ${qemu}`, isDefault };
    }),
    ...loadHardware().map(({ id, title, flavours, architectures }) => {
      const machine = architectures.map((entry) => entry.machine).join(', ');
      const flavour = flavours.join(', else ');
      return { id, title, flavour, machine, cpu: null, qemu: null, isDefault: false };
    }),
  ];
}

async function kernelRows(options: ListOptions): Promise<ListRow[]> {
  return (await readKernels(options)).map(({ id, version, source }) => ({
    id,
    version,
    from: originOf(source),
  }));
}

async function readKernels(options: ListOptions): Promise<readonly KernelEntry[]> {
  const { kernels, warnings } = await loadKernels(options);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  return kernels;
}

/** Where a kernel comes from, in a word: a suite, a source package, or a path. */
function originOf(source: KernelEntry['source']): string {
  switch (source.kind) {
    case 'debian':
      return source.suite;
    case 'build':
      return source.build.package;
    case 'git':
      return source.repository;
    case 'file':
      return source.image;
  }
}

/** Hardware has no baseline: which kernel runs there, and on what, is known when it is asked. */
function hardwareCell(hardware: Hardware): ListRow {
  const cell = `${RUNNING_KERNEL}/${hardware.id}`;
  try {
    if (hardware.reach === 'local') checkLocalMachine({ id: hardware.id, hardware });
    return { cell, state: 'no baseline', reason: null };
  } catch (error) {
    return { cell, state: 'cannot run', reason: messageOf(error) };
  }
}

/** A cell's state, and why it cannot run: at all, or with the QEMUs that are here. */
async function listCells(options: ListOptions): Promise<ListRow[]> {
  const kernels = await readKernels(options);
  const baselines = new Set((await readBaselines()).map(({ cell }) => cellName(cell)));
  const platforms = loadPlatforms();
  const qemus = await availableQemus().catch(() => []); // with none, the list says what is needed
  const booted = kernels.flatMap((kernel) =>
    platforms.map((platform) => {
      const cell = nameOfCell({ kernel, platform });
      const { obstacle } = chooseQemu(platform, kernel, qemus);
      const withoutBaseline = obstacle === undefined ? 'no baseline' : 'cannot run';
      const state = baselines.has(cell) ? 'baseline' : withoutBaseline;
      return { cell, state, reason: obstacle ?? null };
    }),
  );
  return [...booted, ...loadHardware().map(hardwareCell)];
}
