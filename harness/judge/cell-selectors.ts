import picomatch from 'picomatch';
import semver from 'semver';
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
    kernels.some((selector) => isKernelSelected(selector, cell))
  );
}

const globs = new Map<string, (name: string) => boolean>();

/** A name by itself or by a glob. */
export function isNameSelected(selector: string, name: string): boolean {
  if (selector === name) return true;
  const known = globs.get(selector) ?? picomatch(selector);
  globs.set(selector, known);
  return known(name);
}

/** A kernel by id, by glob, or by a semver range of its version ("6.1" is the line 6.1). */
function isKernelSelected(selector: string, cell: KernelOfRecord): boolean {
  if (isNameSelected(selector, cell.cell.kernel)) return true;
  const version = kernelVersion(cell);
  return version !== undefined && semver.satisfies(version, selector);
}
