import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { buildTree, findTreeKernel, isKernelTree } from './builds/kernel-tree.js';
import { lineOf } from '../debian/debian-version.js';
import type { GivenKernel } from './given/given-kernel.js';
import { openGivenKernel } from './given/given-kernel.js';
import { openModuleFolder } from './given/module-folder.js';
import type { ImageScan } from './image-scan.js';
import type { KernelEntry, KernelOptions } from './kernel-entry.js';
import { requireNeeds } from './kernel-needs.js';
import { kernelSources } from './kernel-sources.js';
import type { ModuleStore } from './modules.js';
import { findChannelModules, findKvmModules, noModules } from './modules.js';

export interface FileKernelOptions extends Omit<KernelOptions, 'mirror'> {
  /** Folders or packages with the kernel's modules: `lib/modules/RELEASE`, or any folder of .ko files. */
  readonly modules?: readonly string[] | undefined;
  /** Build a path that is a kernel tree before it is read. */
  readonly build?: boolean;
}

/**
 * The entry of the kernel at a path: a file or folder in any form of docs/kernels.md, or a kernel tree,
 * whose own build is taken or (`build`) which is built first. Errors: those of `readFileKernel` and of a
 * build, `TREE_WITHOUT_VMLINUX`.
 */
export async function readPathKernel(
  path: string,
  options: FileKernelOptions = {},
): Promise<KernelEntry> {
  const isTree = (await isFolder(path)) && isKernelTree(path);
  if (options.build !== true && !isTree) return readFileKernel(path, options);
  const { image, modules } =
    options.build === true ? await buildTree(path, options) : findTreeKernel(path);
  const found = modules === undefined ? [] : [modules];
  return readFileKernel(image, { ...options, modules: options.modules ?? found });
}

/**
 * The entry of a user's own kernel: its id has the release that the image says (or the file's
 * name) and the beginning of the image's SHA-256. What it lacks is said here, before anything is
 * booted. Errors: those of `openGivenKernel`, `KERNEL_LACKS`, `KERNEL_WITHOUT_KVM`, `MODULE_MISSING`,
 * `OTHER_RELEASE`.
 */
export async function readFileKernel(
  path: string,
  options: FileKernelOptions = {},
): Promise<KernelEntry> {
  const kernel = await openGivenKernel(path, options);
  const { scan, image, modules } = kernel;
  await requireAskable(kernel, options);
  const version = scan.release === undefined ? '' : upstreamOfRelease(scan.release);
  const name = scan.release ?? basename(path);
  return {
    id: `file-${nameFor(name)}-${scan.sha256.slice(0, 8)}`,
    line: lineOf(version) ?? '',
    version,
    variant: '',
    source: {
      ...{ kind: 'file', image: resolve(image), sha256: scan.sha256 },
      ...(modules === undefined ? {} : { modules: resolve(modules) }),
      given: { kernel: absolute(path), modules: (options.modules ?? []).map(absolute) },
    },
  };
}

/** The modules of a user's kernel: what its modules.builtin or else the image's texts say is built in. */
export async function openFileModules(
  owner: string,
  scan: ImageScan,
  folder: string | undefined,
  options: Pick<KernelOptions, 'signal' | 'onNotice'>,
): Promise<ModuleStore> {
  if (folder === undefined) return noModules(owner, scan.builtIn);
  const { release, builtIn } = scan;
  return openModuleFolder(folder, { ...options, owner, release, builtIn });
}

/** Throws what a boot of the kernel would fail with, as far as it can be known without one. */
async function requireAskable(kernel: GivenKernel, options: FileKernelOptions): Promise<void> {
  const { owner, scan, modules, config } = kernel;
  const store = await openFileModules(owner, scan, modules, { signal: options.signal });
  requireNeeds(owner, { config, store });
  const needed = kernelSources().modules;
  await findChannelModules(needed.channel, store);
  await findKvmModules(needed.kvm, store);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** A path that means the same in every folder; an address as it is. */
function absolute(path: string): string {
  return /^[a-z]+:\/\//i.test(path) ? path : resolve(path);
}

/** "6.19.0-rc3" of "6.19.0-rc3-00012-g1234567+". */
function upstreamOfRelease(release: string): string {
  return /^[0-9]+\.[0-9]+(?:\.[0-9]+)?(?:-rc[0-9]+)?/.exec(release)?.[0] ?? '';
}

/** Whatever a file or an image is called, as a part of an id: it becomes a file's name. */
function nameFor(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9._+-]+/g, '-').slice(0, 60);
  return name === '' ? 'kernel' : name;
}
