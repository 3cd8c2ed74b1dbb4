import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SprmatrixError } from './error.js';
import { cacheRoot } from './paths.js';

/** What the default cells take: two kernels with what they are unpacked from, their machines, a QEMU. */
export const NEEDED_CACHE_MIB = 1500;

/** What to do about a cache that takes nothing. */
export const CACHE_HINT =
  'make room or permit writing there, or name another folder: XDG_CACHE_HOME=/somewhere (`npx sprmatrix cache list` shows what is kept)';

/**
 * Makes the cache's folder and returns how much is free on its disk, in MiB. Throws `CACHE_UNWRITABLE`, with
 * why, where nothing can be written there.
 */
export async function cacheRoom(folder = cacheRoot()): Promise<number> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    // Of a file system that is read-only mkdir says that the folder is not there.
    const last = await nearestThere(folder);
    const reason = await access(last, constants.W_OK).then(
      () => codeOf(error),
      (why: unknown) => codeOf(why),
    );
    throw new SprmatrixError({
      code: 'CACHE_UNWRITABLE',
      message: `the cache ${folder} cannot be written: ${reason} (${last})`,
      hint: CACHE_HINT,
    });
  }
  const { bavail, bsize } = await statfs(folder);
  return Math.floor((bavail * bsize) / 2 ** 20);
}

async function nearestThere(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : nearestThere(dirname(folder));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
