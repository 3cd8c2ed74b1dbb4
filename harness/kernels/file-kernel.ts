import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { buildTree, findTreeKernel } from './builds/kernel-tree.js';
import { lineOf } from '../debian/debian-version.js';
import { readKernelHeader } from './elf.js';
import type { ImageScan } from './image-scan.js';
import { scanImage } from './image-scan.js';
import type { KernelEntry, KernelOptions } from './kernel-entry.js';
import { readModuleDepends } from './module-tools.js';
import type { ModuleStore } from './modules.js';
import { indexModules, parseBuiltIn } from './modules.js';

export interface FileKernelOptions extends Omit<KernelOptions, 'mirror'> {
  /** A folder with the kernel's modules: `lib/modules/RELEASE`, or any folder of .ko files. */
  readonly modules?: string | undefined;
  /** Build a path that is a kernel tree before it is read. */
  readonly build?: boolean;
}

/**
 * The entry of the kernel at a path: an image, or a folder that is a kernel tree, whose own build is
 * taken or (`build`) which is built first. Errors: those of `readFileKernel` and of a build,
 * `TREE_WITHOUT_VMLINUX`.
 */
export async function readPathKernel(
  path: string,
  options: FileKernelOptions = {},
): Promise<KernelEntry> {
  if (!(await isFolder(path))) return readFileKernel(path, options);
  const { image, modules } =
    options.build === true ? await buildTree(path, options) : findTreeKernel(path);
  return readFileKernel(image, { ...options, modules: options.modules ?? modules });
}

/**
 * The entry of a user's own kernel: its id has the release that the image says (or the file's
 * name) and the beginning of the image's SHA-256. Errors are those of `readKernelHeader`, and
 * `MODULES_MISSING` when the folder of modules is none.
 */
export async function readFileKernel(
  path: string,
  options: FileKernelOptions = {},
): Promise<KernelEntry> {
  const image = resolve(path);
  await readKernelHeader(image);
  if (options.modules !== undefined) await checkFolder(options.modules);
  const { sha256, release } = await scanImage(image, options.signal);
  const version = release === undefined ? '' : upstreamOfRelease(release);
  const source = { kind: 'file', image, sha256 } as const;
  return {
    id: `file-${nameFor(release ?? basename(image))}-${sha256.slice(0, 8)}`,
    line: lineOf(version) ?? '',
    version,
    variant: '',
    source:
      options.modules === undefined ? source : { ...source, modules: resolve(options.modules) },
  };
}

/** The modules that the user named for an image, or none; the image's own texts tell what is built in. */
export async function openFolderStore(
  owner: string,
  scan: ImageScan,
  folder: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ModuleStore> {
  const paths = folder === undefined ? [] : await filesBelow(folder);
  const ofRelease = paths.filter((path) => path.includes(`/${scan.release ?? ''}/`));
  const files = indexModules(ofRelease.length > 0 ? ofRelease : paths);
  const list = (ofRelease.length > 0 ? ofRelease : paths).find((path) =>
    path.endsWith('/modules.builtin'),
  );
  const builtIn = list === undefined ? scan.builtIn : parseBuiltIn(await readFile(list, 'utf8'));
  return {
    owner,
    files,
    isBuiltIn: (name) => builtIn?.has(name),
    fetch: async (names) =>
      Promise.resolve(new Map(names.map((name) => [name, files.get(name) ?? '']))),
    readDepends: async (path) => readModuleDepends(path, signal),
  };
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function checkFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  throw new SprmatrixError({
    code: 'MODULES_MISSING',
    kind: 'usage',
    message: `--modules=${path}: no such folder`,
    hint: 'it is the lib/modules/RELEASE folder that `make modules_install` fills',
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
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
