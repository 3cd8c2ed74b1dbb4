/** The kernel id of a machine that was not booted: whatever kernel ran there. */
export const RUNNING_KERNEL = 'running';

/**
 * The id that a kernel has today. Before builds were called `build-6.1` they were called by their line and
 * variant alone (`6.1`, `5.10-be`), in records and in links to reports. Any other id stays.
 */
export function currentKernelId(id: string): string {
  return /^\d+\.\d+(?:-(?:be|4k|64k))?$/.test(id) ? `build-${id}` : id;
}
