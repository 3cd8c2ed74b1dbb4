import type { KernelOptions } from '../kernel-entry.js';

/** How a kernel that a person has is opened. */
export interface GivenOptions extends Omit<KernelOptions, 'mirror'> {
  /** Folders or packages with the kernel's modules, as they were given. */
  readonly modules?: readonly string[] | undefined;
  /** What the kernel is called in messages, when that is not its path. */
  readonly owner?: string;
}
