import { isKernelSelected, isNameSelected } from '../base/selectors.js';
import type { KernelOfRecord } from '../record/kernel-version.js';
import { kernelVersion } from '../record/kernel-version.js';

/** Which cells something speaks of: of all platforms or kernels where a list is left out. */
export interface CellSelectors {
  readonly platforms?: readonly string[];
  readonly kernels?: readonly string[];
}

/** Whether the selectors choose a cell: its platform and its kernel. */
export function isCellSelected(
  { platforms = ['*'], kernels = ['*'] }: CellSelectors,
  cell: KernelOfRecord,
): boolean {
  return (
    platforms.some((selector) => isNameSelected(selector, cell.cell.platform)) &&
    kernels.some((selector) =>
      isKernelSelected(selector, { id: cell.cell.kernel, version: kernelVersion(cell) }),
    )
  );
}
