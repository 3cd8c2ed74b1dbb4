import { Listr } from 'listr2';
import { isDrawable } from '../base/terminal.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { prepareKernel } from '../kernels/prepare-kernel.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import { setUpBuildTools } from './build-tools-setup.js';
import { plainProgress } from '../base/plain-progress.js';

/** Two downloads keep a line busy while the other's package is unpacked. */
const FETCHES_AT_ONCE = 2;

/**
 * Has every kernel in the cache, with a line of progress for each on a terminal; elsewhere one line
 * for each that was fetched, and a build's progress now and then. What builds need is installed
 * first, as `setup` does. Throws the first failure.
 */
export async function fetchKernels(
  kernels: readonly KernelEntry[],
  options: { signal?: AbortSignal | undefined; mirror?: string | undefined },
): Promise<PreparedKernel[]> {
  const unique = [...new Map(kernels.map((kernel) => [kernel.id, kernel])).values()];
  const isTerminal = isDrawable(process.stderr);
  await setUpBuildTools(unique);
  const prepared: PreparedKernel[] = [];
  const list = new Listr(
    unique.map((kernel) => {
      const say = isTerminal ? () => undefined : plainProgress();
      return {
        title: kernel.id,
        task: async (_: unknown, task: { output: string }) => {
          const ready = await prepareKernel(kernel, {
            ...options,
            onProgress: (text) => {
              if (isTerminal) task.output = text;
              else say(text);
            },
            onNotice: (message) => {
              if (!isTerminal) console.error(message);
              else task.output = message;
            },
          });
          prepared.push(ready);
        },
      };
    }),
    {
      concurrent: FETCHES_AT_ONCE,
      renderer: isTerminal ? 'default' : 'silent',
      registerSignalListeners: false,
    },
  );
  await list.run();
  return prepared;
}
