import semver from 'semver';
import type { SemVer } from 'semver';
import type { CellRecord } from './cell-record.js';

/** What is needed of a record to know its kernel's age. */
export type KernelOfRecord = Pick<CellRecord, 'cell' | 'kernel'>;

/**
 * The version of a record's kernel: that of its release; or the package's, where both are of the
 * same line, because Debian's 6.1.0-50 is 6.1.176 (only the package says so). Undefined when the
 * release has no version in it.
 */
export function kernelVersion({ kernel }: KernelOfRecord): SemVer | undefined {
  const release = versionAtStart(kernel.release);
  const packaged = versionAtStart(kernel.package?.version);
  if (release === undefined || packaged === undefined) return release;
  return compareLines(release, packaged) === 0 ? packaged : release;
}

/** The version that a text begins with: elsewhere in it digits are no version (powerpc64le). */
function versionAtStart(text: string | undefined): SemVer | undefined {
  return /^\d+\.\d/.test(text ?? '') ? (semver.coerce(text) ?? undefined) : undefined;
}

/** Orders versions by major.minor alone. */
function compareLines(a: SemVer, b: SemVer): number {
  return a.major - b.major || a.minor - b.minor;
}

/** Orders records by their kernels, oldest first; kernels without a version come last, by id. */
export function compareKernels(a: KernelOfRecord, b: KernelOfRecord): number {
  const [left, right] = [kernelVersion(a), kernelVersion(b)];
  if (left === undefined || right === undefined) {
    return Number(left === undefined) - Number(right === undefined) || compareIds(a, b);
  }
  return left.compare(right) || compareIds(a, b);
}

/**
 * The records of `candidates` that show what `record`'s kernel had before: same platform, older
 * kernel, nearest first. When any has the same page size, those with another are left out. A
 * user's own file (no package) is compared with packaged kernels of its own line too: it is most
 * often that line with a change on top.
 */
export function olderRecords(
  record: KernelOfRecord,
  candidates: readonly CellRecord[],
): CellRecord[] {
  const older = candidates
    .filter((candidate) => candidate.cell.platform === record.cell.platform)
    .filter((candidate) => isOlder(candidate, record))
    .sort((a, b) => compareKernels(b, a));
  const alike = older.filter(({ kernel }) => kernel.pageSize === record.kernel.pageSize);
  return alike.length > 0 ? alike : older;
}

function isOlder(candidate: KernelOfRecord, record: KernelOfRecord): boolean {
  const [older, newer] = [kernelVersion(candidate), kernelVersion(record)];
  if (older === undefined || newer === undefined) return false;
  const isOwnFile = record.kernel.package === null && candidate.kernel.package !== null;
  return isOwnFile ? compareLines(older, newer) <= 0 : older.compare(newer) < 0;
}

function compareIds(a: KernelOfRecord, b: KernelOfRecord): number {
  return a.cell.kernel === b.cell.kernel ? 0 : a.cell.kernel < b.cell.kernel ? -1 : 1;
}
