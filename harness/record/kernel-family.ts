import type { CellRecord } from './cell-record.js';
import type { KernelFamily } from './comparable-families.js';
import { comparedWith } from './comparable-families.js';
import { compareKernels } from './kernel-version.js';
import type { KernelOfRecord } from './kernel-version.js';

/** The family of a record's kernel. */
export function familyOf({ cell, kernel }: KernelOfRecord): KernelFamily {
  const { byteOrder, pageSize } = kernel;
  const source = cell.kernel.startsWith('debian-')
    ? 'debian'
    : kernel.package === null
      ? 'own'
      : 'build';
  return { source, byteOrder, pageSize };
}

/** The record that shows what a record's kernel had before: `comparedWith` among older ones of its platform. */
export function olderOfFamily(
  record: CellRecord,
  candidates: readonly CellRecord[],
): CellRecord | undefined {
  const older = candidates
    .filter(({ cell }) => cell.platform === record.cell.platform)
    .filter((candidate) => compareKernels(candidate, record) < 0)
    .sort(compareKernels);
  return comparedWith(familyOf(record), older, familyOf);
}
