import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { buildTree, findTreeKernel, isKernelTree } from './builds/kernel-tree.js';
import { lineOf } from '../debian/debian-version.js';
import { readKernelHeader } from './elf.js';
import type { GivenKernel } from './given/given-kernel.js';
import { openGivenKernel } from './given/given-kernel.js';
import { openModuleFolder } from './given/module-folder.js';
import type { ImageScan } from './image-scan.js';
import type { FileSource, KernelEntry, KernelOptions } from './kernel-entry.js';
import { requireNeeds } from './kernel-needs.js';
import type { LoadedModules } from './loaded-modules.js';
import { hashesOf, identityOf } from './loaded-modules.js';
import { kernelSources } from './kernel-sources.js';
import { readModuleRelease } from './module-tools.js';
import type { ModuleFile, ModuleStore } from './modules.js';
import { findChannelModules, findKvmModules, noModules } from './modules.js';

export interface FileKernelOptions extends Omit<KernelOptions, 'mirror'> {
  /** Folders or packages with the kernel's modules: `lib/modules/RELEASE`, or any folder of .ko files. */
  readonly modules?: readonly string[] | undefined;
  /** Build a path that is a kernel tree before it is read. */
  readonly build?: boolean;
  /** It is only looked at: what it lacks is no error. */
  readonly isExamined?: boolean;
  /** What the kernel is called in messages, when that is not its path. */
  readonly owner?: string;
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
  if (isUrl(path)) return readUrlKernel(path, options);
  const isTree = (await isFolder(path)) && isKernelTree(path);
  if (options.build !== true && !isTree) return readFileKernel(path, options);
  const { image, modules } =
    options.build === true ? await buildTree(path, options) : findTreeKernel(path);
  const found = modules === undefined ? [] : [modules];
  return readFileKernel(image, { ...options, modules: options.modules ?? found });
}

/**
 * The entry of a user's own kernel: its id has the release that the image says (or the file's
 * name), the beginning of a hash (the image's, and that of the modules that it loads), and `-be` if it is big endian.
 * What it lacks is said here, before anything is booted. Errors: those of
 * `openGivenKernel`, `KERNEL_LACKS`, `KERNEL_WITHOUT_KVM`, `MODULE_MISSING`.
 */
export async function readFileKernel(
  path: string,
  options: FileKernelOptions = {},
): Promise<KernelEntry> {
  const modulesHere = await fetchModules(options);
  const kernel = await openGivenKernel(path, { ...options, modules: modulesHere });
  const { scan, image, modules } = kernel;
  const loaded = options.isExamined === true ? {} : await modulesToLoad(kernel, options);
  const version = scan.release === undefined ? '' : upstreamOfRelease(scan.release);
  const name = scan.release ?? basename(path);
  const { byteOrder } = await readKernelHeader(image, kernel.owner);
  // What the data files say of big-endian kernels (`*-be`) is true of it, too.
  const variant = byteOrder === 'big' ? 'be' : '';
  const hash = identityOf(scan.sha256, loaded).slice(0, 8);
  return {
    id: `file-${nameFor(name)}-${hash}${variant === '' ? '' : `-${variant}`}`,
    line: lineOf(version) ?? '',
    version,
    variant,
    source: {
      ...{ kind: 'file', image: resolve(image), sha256: scan.sha256 },
      ...(modules === undefined ? {} : { modules: resolve(modules) }),
      given: { kernel: absolute(path), modules: (options.modules ?? []).map(absolute) },
    },
  };
}

/** The entry of the kernel at an address; its modules.tar.xz, as CIs publish it, is looked for when it needs one. */
async function readUrlKernel(url: string, options: FileKernelOptions): Promise<KernelEntry> {
  const { fetchUrl, splitUrl } = await import('./given/fetch-url.js');
  const fetched = await fetchUrl(url, options);
  const modules = await fetchModules(options);
  const named = (entry: KernelEntry): KernelEntry => ({
    ...entry,
    source: {
      ...(entry.source as FileSource),
      given: { kernel: url, modules: (options.modules ?? []).map(absolute) },
    },
  });
  try {
    return named(await readFileKernel(fetched, { ...options, modules, owner: splitUrl(url).url }));
  } catch (error) {
    if (options.modules !== undefined || !lacksModules(error)) throw error;
    const beside = new URL('modules.tar.xz', splitUrl(url).url).href;
    const path = await fetchUrl(beside, options).catch(() => undefined); // there is none: the first error counts
    if (path === undefined) throw error;
    options.onNotice?.(`${url}: taken with ${beside}`);
    const both = { ...options, modules: [path], owner: splitUrl(url).url };
    return named(await readFileKernel(fetched, both));
  }
}

/** The modules that were named, those at addresses fetched. */
async function fetchModules(options: FileKernelOptions): Promise<readonly string[] | undefined> {
  const { modules } = options;
  if (!modules?.some(isUrl)) return modules;
  const { fetchUrl } = await import('./given/fetch-url.js');
  return Promise.all(modules.map(async (it) => (isUrl(it) ? fetchUrl(it, options) : it)));
}

function lacksModules(error: unknown): boolean {
  const codes = ['KERNEL_WITHOUT_KVM', 'MODULE_MISSING', 'KERNEL_LACKS'];
  return error instanceof SprmatrixError && codes.includes(error.code);
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

/**
 * The hashes of the modules that a cell of the kernel loads, as they lie there. Throws what its boot would
 * fail with, as far as that can be known without one.
 */
async function modulesToLoad(
  kernel: GivenKernel,
  options: FileKernelOptions,
): Promise<LoadedModules> {
  const { owner, scan, modules, config } = kernel;
  const store = await openFileModules(owner, scan, modules, { signal: options.signal });
  requireNeeds(owner, { config, store });
  const needed = kernelSources().modules;
  const found = [
    ...(await findChannelModules(needed.channel, store)),
    ...(await findKvmModules(needed.kvm, store)),
  ];
  await noteOtherRelease(kernel, found[0], options.onNotice);
  return hashesOf(found);
}

/** Reports modules of another release than the image's: a kernel with CRCs of its symbols may yet take them. */
async function noteOtherRelease(
  { owner, scan: { release } }: GivenKernel,
  first: ModuleFile | undefined,
  onNotice: KernelOptions['onNotice'],
): Promise<void> {
  if (first === undefined || release === undefined) return;
  const built = await readModuleRelease(first.path);
  if (built === undefined || built === release) return;
  onNotice?.(`${first.path} is of ${built}, and ${owner} of ${release}: the kernel may refuse it`);
}

/** Whether a word is the address of a file. */
function isUrl(word: string): boolean {
  return /^(?:https?|file):\/\//i.test(word);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** A path that means the same in every folder; an address as it is. */
function absolute(path: string): string {
  return isUrl(path) ? path : resolve(path);
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
