import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '../base/paths.js';
import { findMirror } from '../debian/mirror.js';
import { requireMirror } from '../debian/require-mirror.js';
import type { FetchQemuOptions } from './newer-qemu.js';
import { fetchedQemus, fetchQemu, isWhole } from './newer-qemu.js';
import type { Platform, QemuPackages } from './platforms.js';
import { loadPlatforms, loadQemuPackages } from './platforms.js';
import type { QemuBinary } from './qemu-binary.js';
import { findQemu } from './qemu-binary.js';
import { whyCold } from './snapshots/why-cold.js';

/** How long a QEMU that could not be fetched is not asked for again. */
const PAUSE_MS = 24 * 60 * 60 * 1000;

export interface RestoringOptions extends FetchQemuOptions {
  /** Ask again for what could not be had less than a day ago. */
  readonly isAskedAgain?: boolean;
  /** Called when it is fetched, with why: a download of half a minute. */
  readonly onFetch?: ((why: string) => void) | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  readonly packages?: QemuPackages | undefined;
}

/**
 * Fetches Debian's oldest QEMU that restores machines into the cache and returns it, where neither this
 * machine's own, nor one that was fetched before, restores those of the default platforms; undefined where
 * one does, where `$SPRMATRIX_QEMU` names the one to use, or where it could not be had less than a day ago.
 * Errors: `MIRROR_UNREACHABLE`, and those of `fetchQemu`.
 */
export async function fetchRestoringQemu(
  options: RestoringOptions = {},
): Promise<QemuBinary | undefined> {
  if ((process.env['SPRMATRIX_QEMU'] ?? '') !== '') return undefined;
  const { cacheFolder = cacheRoot(), platforms = loadPlatforms() } = options;
  const defaults = platforms.filter(({ isDefault }) => isDefault);
  const restores = ({ version }: QemuBinary): boolean =>
    defaults.every((platform) => whyCold(platform, version) === undefined);
  const own = await findQemu('qemu-system-ppc64').catch(() => undefined); // whoever needs it says so
  if (own !== undefined && restores(own)) return undefined;
  for (const qemu of await fetchedQemus(cacheFolder)) {
    if (restores(qemu) && (await isWhole(qemu))) return undefined;
  }
  const refusal = join(cacheFolder, 'qemu', '.refused');
  if (options.isAskedAgain !== true && (await isYoung(refusal))) return undefined;
  const packages = options.packages ?? loadQemuPackages();
  const [suite] = packages.suites;
  if (suite === undefined) return undefined;
  options.onFetch?.(own === undefined ? 'none is here' : `${own.version} restores no machines`);
  try {
    const mirror = await findMirror(options.mirror, options);
    await requireMirror(mirror, options);
    const qemu = await fetchQemu(packages, suite, { ...options, mirror });
    await rm(refusal, { force: true });
    return qemu;
  } catch (error) {
    if (options.signal?.aborted !== true) {
      await mkdir(join(cacheFolder, 'qemu'), { recursive: true });
      await writeFile(refusal, '');
    }
    throw error;
  }
}

async function isYoung(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < PAUSE_MS;
}
