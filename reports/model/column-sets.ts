import { countOf } from '../../harness/base/count.js';
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
  /** The reader's own, next to baselines. */
  readonly isOwn: boolean;
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

/** The heading of the reader's own kernels, next to baselines. */
const OWN = 'yours';

/**
 * Columns under the headings of an order: a column for each kernel under its line, those in `open` unfolded into
 * their platforms; or one for each cell, by kernel or by platform. Next to baselines the reader's own come first.
 */
export function columnBands(
  columns: readonly Column[],
  order: ColumnOrder,
  open: readonly string[] = [],
): ColumnBand[] {
  const hasBaselines = columns.some(({ cell }) => cell.origin === 'baseline');
  const isOwn = ({ cell }: Column): boolean => hasBaselines && cell.origin === 'record';
  const sorted = columns.toSorted((a, b) => {
    const ownFirst = Number(isOwn(b)) - Number(isOwn(a));
    if (ownFirst !== 0) return ownFirst;
    return order === 'platform'
      ? a.platformIndex - b.platformIndex || a.kernelIndex - b.kernelIndex
      : a.kernelIndex - b.kernelIndex || a.platformIndex - b.platformIndex;
  });
  if (order !== 'folded') return bandsOf(sorted, order === 'platform', isOwn);
  const bands: ColumnBand[] = [];
  for (const mine of byKernel(sorted, isOwn)) {
    const [first] = mine;
    if (first === undefined) continue;
    const { kernel } = first;
    const own = isOwn(first);
    const key = own ? `${OWN} ${kernel.id}` : kernel.id;
    const detail = kernel.version ?? 'version not known';
    if (open.includes(kernel.id)) {
      const sets = mine.map((column) => cellSet(column, column.platform.id, own));
      bands.push({ key, title: kernel.id, detail, sets, unfolded: kernel.id });
      continue;
    }
    const set: ColumnSet = {
      ...{ key, title: kernel.id, columns: mine, isOwn: own },
      detail: `${kernel.id} (${detail}) on ${countOf(mine.length, 'platform')}`,
      ...(mine.length > 1 ? { folds: kernel.id } : {}),
    };
    const title = own ? OWN : (kernel.line ?? 'other');
    const last = bands.at(-1);
    if (last?.title === title && last.unfolded === undefined) {
      bands[bands.length - 1] = { ...last, sets: [...last.sets, set] };
    } else
      bands.push({
        key: `${title} ${kernel.id}`,
        title,
        detail: own ? 'records of a run' : `kernels of ${title}`,
        sets: [set],
      });
  }
  return bands;
}

function bandsOf(
  sorted: readonly Column[],
  byPlatform: boolean,
  isOwn: (column: Column) => boolean,
): ColumnBand[] {
  const bands = new Map<string, { detail: string; sets: ColumnSet[] }>();
  for (const column of sorted) {
    const { kernel, platform } = column;
    const title = byPlatform ? platform.id : kernel.id;
    const detail = byPlatform ? platform.title : (kernel.version ?? 'version not known');
    const band = bands.get(title) ?? { detail, sets: [] };
    band.sets.push(cellSet(column, byPlatform ? kernel.id : platform.id, isOwn(column)));
    bands.set(title, band);
  }
  return [...bands].map(([title, band]) => ({ key: title, title, ...band }));
}

function cellSet(column: Column, title: string, isOwn: boolean): ColumnSet {
  const detail = `${column.name}: what it ran on`;
  return { key: column.name, title, detail, columns: [column], isOwn };
}

function byKernel(sorted: readonly Column[], isOwn: (column: Column) => boolean): Column[][] {
  const groups: Column[][] = [];
  for (const column of sorted) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    const isSame = first?.kernelIndex === column.kernelIndex && isOwn(first) === isOwn(column);
    if (isSame) last?.push(column);
    else groups.push([column]);
  }
  return groups;
}
