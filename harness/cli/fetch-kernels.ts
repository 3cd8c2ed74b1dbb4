import { Listr } from 'listr2';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { prepareKernel } from '../kernels/prepare-kernel.js';

/** Two downloads keep a line busy while the other's package is unpacked. */
const FETCHES_AT_ONCE = 2;

/**
 * Has every kernel in the cache, with a line of progress for each on a terminal and one line for
 * each that was fetched elsewhere. Throws the first failure.
 */
export async function fetchKernels(
  kernels: readonly KernelEntry[],
  options: { signal?: AbortSignal | undefined; mirror?: string | undefined },
): Promise<void> {
  const unique = [...new Map(kernels.map((kernel) => [kernel.id, kernel])).values()];
  const isTerminal = process.stderr.isTTY;
  const list = new Listr(
    unique.map((kernel) => ({
      title: kernel.id,
      task: async (_: unknown, task: { output: string }) => {
        await prepareKernel(kernel, {
          ...options,
          onProgress: (text) => (task.output = text),
          onNotice: (message) => {
            if (!isTerminal) console.error(message);
            else task.output = message;
          },
        });
      },
    })),
    {
      concurrent: FETCHES_AT_ONCE,
      renderer: isTerminal ? 'default' : 'silent',
      registerSignalListeners: false,
    },
  );
  await list.run();
}
