import { sha256, sha256OfFile } from '../base/files.js';
import type { ModuleFile } from './modules.js';
import { moduleName } from './modules.js';
import type { PreparedKernel } from './prepared-kernel.js';

/** The SHA-256 of each module that the agent loads, by its name ("kvm_hv"), of its content without packing. */
export type LoadedModules = Readonly<Record<string, string>>;

/** The modules of a kernel that is ready to boot, in the order in which the agent loads them. */
export async function loadedModules(
  kernel: Pick<PreparedKernel, 'channelModules' | 'kvmModules'>,
): Promise<LoadedModules> {
  const paths = [...kernel.channelModules, ...kernel.kvmModules];
  return hashesOf(paths.map((path) => ({ name: moduleName(path) ?? path, path })));
}

/** The hash of each module's file. */
export async function hashesOf(modules: readonly ModuleFile[]): Promise<LoadedModules> {
  const hashes = modules.map(async ({ name, path }) => [name, await sha256OfFile(path)] as const);
  return Object.fromEntries(await Promise.all(hashes));
}

/**
 * What tells a kernel and its modules from every other: the image's SHA-256 where it loads none, else one
 * that another module changes too.
 */
export function identityOf(image: string, modules: LoadedModules): string {
  const names = Object.keys(modules).sort();
  if (names.length === 0) return image;
  return sha256(JSON.stringify([image, names.map((name) => [name, modules[name]])]));
}
