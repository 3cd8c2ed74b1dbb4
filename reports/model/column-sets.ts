import type { Column } from './matrix.js';
import type { ColumnOrder } from './view.js';

/** Cells that the table shows as one column: a kernel's platforms, or one cell by itself. */
export interface ColumnSet {
  readonly key: string;
  readonly title: string;
  /** What the heading tells when asked. */
  readonly detail: string;
  readonly columns: readonly Column[];
  /** The kernel that the heading folds and unfolds; undefined where there is nothing to fold. */
  readonly folds?: string;
}

/** Neighbouring columns of the table under one heading. */
export interface ColumnBand {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly sets: readonly ColumnSet[];
  /** The kernel that is unfolded here. */
  readonly unfolded?: string;
}

/**
 * Columns under the headings of an order: a column for each kernel under its line, those in `open` unfolded
 * into their platforms; or one for each cell, by kernel or by platform.
 */
export function columnBands(
  columns: readonly Column[],
  order: ColumnOrder,
  open: readonly string[] = [],
): ColumnBand[] {
  const sorted = columns.toSorted((a, b) =>
    order === 'platform'
      ? a.platformIndex - b.platformIndex || a.kernelIndex - b.kernelIndex
      : a.kernelIndex - b.kernelIndex || a.platformIndex - b.platformIndex,
  );
  if (order !== 'folded') return bandsOf(sorted, order === 'platform');
  const bands: ColumnBand[] = [];
  for (const mine of byKernel(sorted)) {
    const [first] = mine;
    if (first === undefined) continue;
    const { kernel } = first;
    const detail = kernel.version ?? 'version not known';
    if (open.includes(kernel.id)) {
      const sets = mine.map((column) => cellSet(column, column.platform.id));
      bands.push({ key: kernel.id, title: kernel.id, detail, sets, unfolded: kernel.id });
      continue;
    }
    const set: ColumnSet = {
      ...{ key: kernel.id, title: kernel.id, columns: mine },
      detail: `${kernel.id} (${detail}) on ${mine.length} ${mine.length === 1 ? 'platform' : 'platforms'}`,
      ...(mine.length > 1 ? { folds: kernel.id } : {}),
    };
    const title = kernel.line ?? 'other';
    const last = bands.at(-1);
    if (last?.title === title && last.unfolded === undefined) {
      bands[bands.length - 1] = { ...last, sets: [...last.sets, set] };
    } else
      bands.push({
        key: `${title} ${kernel.id}`,
        title,
        detail: `kernels of ${title}`,
        sets: [set],
      });
  }
  return bands;
}

function bandsOf(sorted: readonly Column[], byPlatform: boolean): ColumnBand[] {
  const bands = new Map<string, { detail: string; sets: ColumnSet[] }>();
  for (const column of sorted) {
    const { kernel, platform } = column;
    const title = byPlatform ? platform.id : kernel.id;
    const detail = byPlatform ? platform.title : (kernel.version ?? 'version not known');
    const band = bands.get(title) ?? { detail, sets: [] };
    band.sets.push(cellSet(column, byPlatform ? kernel.id : platform.id));
    bands.set(title, band);
  }
  return [...bands].map(([title, band]) => ({ key: title, title, ...band }));
}

function cellSet(column: Column, title: string): ColumnSet {
  const detail = `${column.name}: what it ran on`;
  return { key: column.name, title, detail, columns: [column] };
}

function byKernel(sorted: readonly Column[]): Column[][] {
  const groups: Column[][] = [];
  for (const column of sorted) {
    const last = groups.at(-1);
    if (last?.[0]?.kernelIndex === column.kernelIndex) last.push(column);
    else groups.push([column]);
  }
  return groups;
}
