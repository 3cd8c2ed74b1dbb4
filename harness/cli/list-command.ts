import type { KernelEntry } from '../kernels/kernel-entry.js';
import { loadKernels } from '../kernels/known-kernels.js';
import { fittedTable } from './progress/fitted-table.js';

/*
 * What a list alone needs is loaded for it alone: loading takes a command longer than what it does.
 */

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
    case 'registers': {
      const { registerTable } = await import('../sync/register-table.js');
      return registerTable().map(({ name, spr, id, sizeBytes, group, level }) => ({
        name,
        spr: spr ?? null,
        id: `0x${id.toString(16)}`,
        bits: sizeBytes * 8,
        group,
        level,
      }));
    }
    case 'cells': {
      const { listCells } = await import('./list-cells.js');
      return listCells(await readKernels(options));
    }
  }
}

/** Emulated platforms, then hardware, whose machine, CPU and QEMU are its own. */
async function listPlatforms(): Promise<ListRow[]> {
  const { loadHardware, loadPlatforms } = await import('../machine/platforms.js');
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
