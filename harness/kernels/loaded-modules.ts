import { basename } from 'node:path';
import { sha256OfFile } from '../base/files.js';
import type { PreparedKernel } from './prepared-kernel.js';

/** A module that the agent loads, by its content without packing. */
export interface LoadedModule {
  /** "kvm_hv". */
  readonly name: string;
  readonly sha256: string;
}

/** The modules of a kernel that is ready to boot, in the order in which the agent loads them. */
export async function loadedModules(
  kernel: Pick<PreparedKernel, 'channelModules' | 'kvmModules'>,
): Promise<LoadedModule[]> {
  const paths = [...new Set([...kernel.channelModules, ...kernel.kvmModules])];
  return Promise.all(
    paths.map(async (path) => ({
      name: basename(path, '.ko').replaceAll('-', '_'),
      sha256: await sha256OfFile(path),
    })),
  );
}
