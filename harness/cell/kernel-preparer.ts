import PQueue from 'p-queue';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { prepareKernel } from '../kernels/prepare-kernel.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';

/** Kernels that are fetched or read from the cache at once, besides the cells that run. */
const KERNELS_AT_ONCE = 2;

/** What happens to kernels, for whoever shows it. */
export interface KernelEvents {
  readonly kernelProgress?: (kernel: KernelEntry, what: string) => void;
  /** A line that a person should see, e.g. that a broken cache entry is fetched again. */
  readonly notice?: (message: string) => void;
}

/** What has a kernel ready to boot: each is fetched, built or read from the cache once. */
export function kernelPreparer({
  mirror,
  signal,
  events,
}: {
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly events?: KernelEvents | undefined;
}): (kernel: KernelEntry) => Promise<PreparedKernel> {
  const queue = new PQueue({ concurrency: KERNELS_AT_ONCE });
  const prepared = new Map<string, Promise<PreparedKernel>>();
  return async (kernel) => {
    const known = prepared.get(kernel.id);
    if (known !== undefined) return known;
    const started = queue.add(async () =>
      prepareKernel(kernel, {
        signal,
        mirror,
        onProgress: (what) => events?.kernelProgress?.(kernel, what),
        onNotice: (message) => events?.notice?.(message),
      }),
    );
    prepared.set(kernel.id, started);
    return started;
  };
}
