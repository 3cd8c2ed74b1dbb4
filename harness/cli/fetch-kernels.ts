import { Listr } from 'listr2';
import pLimit from 'p-limit';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { prepareKernel } from '../kernels/prepare-kernel.js';

/** Two downloads keep a line busy while the other's package is unpacked. */
const FETCHES_AT_ONCE = 2;

/**
 * Has every kernel in the cache, with progress for those that are not there yet. Throws the first
 * failure when all have ended.
 */
export async function fetchKernels(
  kernels: readonly KernelEntry[],
  options: { signal?: AbortSignal | undefined; mirror?: string | undefined },
): Promise<void> {
  const unique = [...new Map(kernels.map((kernel) => [kernel.id, kernel])).values()];
  void Listr;
  const limit = pLimit(FETCHES_AT_ONCE);
  await Promise.all(
    unique.map(async (kernel) =>
      limit(async () => {
        await prepareKernel(kernel, options);
      }),
    ),
  );
}
