import { readdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { cacheRoot } from '../../base/paths.js';
import { configOf } from './image-config.js';
import { readKernelHeader } from '../elf.js';
import { scanImage } from '../image-scan.js';
import type { ImageScan } from '../image-scan.js';
import type { KernelConfig } from '../kernel-config.js';
import { requireBootable } from './bootable-image.js';
import type { GivenOptions } from './given-options.js';
import { isReleaseFolder, modulesBeside, releaseFolder, releasesIn } from './module-folder.js';
import { archiveForm, notAKernel, plainImage } from './plain-image.js';
import { chooseImage, imagesIn } from './root-images.js';
import type { GivenArchive } from './unpacked-root.js';

/** A kernel that a person has, as an ELF image, with what was found of its modules and configuration. */
export interface GivenKernel {
  /** What it is called in messages: as it was given. */
  readonly owner: string;
  /** Path of the ELF image. */
  readonly image: string;
  readonly scan: ImageScan;
  /** Folder of its release's modules. */
  readonly modules: string | undefined;
  readonly config: KernelConfig | undefined;
}

/** `PATH#kernel=RELEASE` says which of several kernels in one file or folder. */
const CHOICE = /^(?<path>.*)#kernel=(?<release>[^#]+)$/;

/**
 * Finds the kernel in a file or folder in any of the forms of docs/kernels.md: an image, a package, an
 * archive, an unpacked root, a release's folder of modules. Errors: `KERNEL_MISSING`, `NOT_A_KERNEL`,
 * `WRONG_ARCHITECTURE`, `WHICH_KERNEL`, `WHICH_MODULES`, `MODULES_MISSING`, and those of unpacking.
 */
export async function openGivenKernel(
  word: string,
  options: GivenOptions = {},
): Promise<GivenKernel> {
  const { path, release } = splitChoice(word);
  const given = options.owner ?? word;
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    return openFolder(given, resolve(path), release, options);
  }
  const form = await archiveForm(path);
  if (form !== undefined) {
    const archives = [{ path: resolve(path), form }];
    return openArchives(given, archives, release, options);
  }
  return openImage(given, resolve(path), options);
}

/** A path and the release after `#kernel=`; a file whose name has that in it is meant itself. */
function splitChoice(given: string): { path: string; release: string | undefined } {
  const { path, release } = CHOICE.exec(given)?.groups ?? {};
  if (path === undefined || existsSync(given)) return { path: given, release: undefined };
  return { path, release };
}

async function openFolder(
  given: string,
  folder: string,
  release: string | undefined,
  options: GivenOptions,
): Promise<GivenKernel> {
  const images = await imagesIn(folder);
  if (images.length === 0) {
    const archives = await archivesIn(folder);
    if (archives.length > 0) return openArchives(given, archives, release, options);
    throw notAKernel(
      given,
      'the folder holds no image (vmlinux, vmlinuz, zImage), at its top, in boot/ or in lib/modules/RELEASE',
      'a kernel tree that is not built yet is built with --build',
    );
  }
  const image = chooseImage(given, images, release);
  const own = image.release === '' ? undefined : image.release;
  if (isReleaseFolder(folder)) return openImage(given, image.path, options, folder);
  const releases = await releasesIn(folder);
  const modules = releases.find((path) => basename(path) === own);
  return openImage(given, image.path, options, modules);
}

async function openArchives(
  given: string,
  archives: readonly GivenArchive[],
  release: string | undefined,
  options: GivenOptions,
): Promise<GivenKernel> {
  const { unpackKernel } = await import('./unpacked-kernel.js');
  const { folders, packages } = await splitModules(options.modules);
  const root = await unpackKernel(given, [...archives, ...packages], options);
  const images = await imagesIn(root.path);
  if (images.length === 0) throw noImage(given, root.outside);
  const image = chooseImage(given, images, release);
  const releases = await releasesIn(root.path);
  const own = releases.find((path) => basename(path) === image.release);
  return openImage(given, image.path, { ...options, modules: folders }, own ?? releases[0]);
}

async function openImage(
  given: string,
  path: string,
  options: GivenOptions,
  modulesOfRoot?: string,
): Promise<GivenKernel> {
  const folder = join(options.cacheFolder ?? cacheRoot(), 'images');
  const image = await plainImage(path, { owner: given, folder, signal: options.signal });
  await readKernelHeader(image, given);
  await requireBootable(image, given);
  const scan = await scanImage(image, options.signal);
  const { release = '' } = scan;
  const modules =
    (await namedModules(given, scan, options)) ??
    modulesOfRoot ??
    (await foundModules(given, path, release, options));
  return { owner: given, image, scan, modules, config: await configOf(image, path, release) };
}

/** The folder of the modules that a person named. */
async function namedModules(
  given: string,
  { release }: ImageScan,
  options: GivenOptions,
): Promise<string | undefined> {
  const { folders, packages } = await splitModules(options.modules);
  const owner = { owner: given, release };
  const [folder] = folders;
  if (folder !== undefined) return releaseFolder(folder, owner);
  if (packages.length === 0) return undefined;
  const { unpackKernel } = await import('./unpacked-kernel.js');
  const root = await unpackKernel(given, packages, options);
  return releaseFolder(root.path, owner);
}

/** Modules that nobody named but that lie where the image's do: a folder, or an archive next to it. */
async function foundModules(
  given: string,
  image: string,
  release: string,
  options: GivenOptions,
): Promise<string | undefined> {
  if (release === '') return undefined;
  const folder = await modulesBeside(image, release);
  if (folder !== undefined) return folder;
  const names = await readdir(dirname(image)).catch(() => []); // the image was just read there
  const name = names.find((it) => /^modules(?:-.*)?\.(?:tar(?:\.\w+)?|tgz)$/.test(it));
  if (name === undefined) return undefined;
  const archive = { path: join(dirname(image), name), form: 'archive' } as const;
  const { unpackKernel } = await import('./unpacked-kernel.js');
  const root = await unpackKernel(given, [archive], options);
  const releases = await releasesIn(root.path);
  return releases.find((path) => basename(path) === release);
}

async function splitModules(
  words: readonly string[] = [],
): Promise<{ folders: string[]; packages: GivenArchive[] }> {
  const folders: string[] = [];
  const packages: GivenArchive[] = [];
  for (const word of words) {
    const found = await stat(word).catch(() => undefined);
    if (found?.isFile() !== true) {
      folders.push(word);
      continue;
    }
    const form = await archiveForm(word);
    if (form === undefined) {
      throw new SprmatrixError({
        code: 'MODULES_MISSING',
        kind: 'usage',
        message: `--modules=${word} is neither a folder nor a package of modules`,
        hint: 'it is the lib/modules/RELEASE folder, a .deb, an .rpm or a tar archive with it',
      });
    }
    packages.push({ path: resolve(word), form });
  }
  return { folders, packages };
}

/** Packages of kernels in a folder: what `make deb-pkg` or a download left there. */
async function archivesIn(folder: string): Promise<GivenArchive[]> {
  const names = await readdir(folder);
  const found: GivenArchive[] = [];
  for (const name of names.sort().filter((it) => /\.(?:deb|rpm)$/.test(it))) {
    const path = join(folder, name);
    const form = await archiveForm(path);
    if (form !== undefined) found.push({ path, form });
  }
  return found;
}

function noImage(given: string, outside: readonly string[]): SprmatrixError {
  const links = outside.filter((link) => /vmlinu|zImage|modules/.test(link));
  const why =
    links.length > 0
      ? `it holds no image, and its link ${links[0] ?? ''} leads out of it`
      : 'it holds no image (vmlinux, vmlinuz, zImage) at its top, in boot/ or in lib/modules/RELEASE';
  return notAKernel(given, why, 'take the package that has the image, with the others next to it');
}
