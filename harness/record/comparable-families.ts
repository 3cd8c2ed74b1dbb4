/** Kernels that differ in their sources alone, not in who configured them or for what. */
export interface KernelFamily {
  /** A distribution's package, a build of sprmatrix, or a user's own. */
  readonly source: 'debian' | 'build' | 'own';
  readonly byteOrder: 'little' | 'big';
  /** Bytes. */
  readonly pageSize: number;
}

/** Whether what differs between two kernels can be news of the kernel: only their page size may differ. */
export function isComparable(a: KernelFamily, b: KernelFamily): boolean {
  return a.source === b.source && a.byteOrder === b.byteOrder;
}

/**
 * Of candidates that are each of an older kernel of a platform, the one to compare `kernel` with: of its
 * family, or of its source and byte order with other pages when there is none; the last of the candidates
 * that suit. Undefined where every candidate is of another source or byte order.
 */
export function comparedWith<T>(
  family: KernelFamily,
  candidates: readonly T[],
  familyOfCandidate: (candidate: T) => KernelFamily,
): T | undefined {
  const suitable = candidates.filter((other) => isComparable(family, familyOfCandidate(other)));
  return (
    suitable.findLast((other) => familyOfCandidate(other).pageSize === family.pageSize) ??
    suitable.at(-1)
  );
}
