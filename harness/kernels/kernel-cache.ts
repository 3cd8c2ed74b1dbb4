import type { Dirent } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../base/lock.js';
import { cacheRoot } from '../base/paths.js';

/** Something in the cache that took time to get. */
export interface CachedItem {
  readonly kind: 'kernel' | 'source' | 'tree' | 'rest';
  /** A kernel's id, a source package's name, or the name of the folder. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was made, milliseconds since 1970. */
  readonly madeAt: number;
}

const KERNEL = /^(?<name>[^.].*)-[0-9a-f]{16}$/;
const SOURCE = /^(?<name>linux-source-[0-9.]+)-[0-9a-f]{16}\.deb$/;
/** What a run that was killed left: a cache entry that was not finished. */
const UNFINISHED = /^\.?(?<name>.+?)\.part$/;

/** Everything of kernels that is in the cache: prepared ones, sources, objects of users' trees. */
export async function listCache(cacheFolder = cacheRoot()): Promise<CachedItem[]> {
  const found: CachedItem[] = [];
  for (const [folder, kind, pattern] of [
    ['kernels', 'kernel', KERNEL],
    ['kernels', 'rest', UNFINISHED],
    ['sources', 'source', SOURCE],
    ['sources', 'rest', UNFINISHED],
    ['trees', 'tree', /^(?<name>[0-9a-f]{16})$/],
  ] as const) {
    for (const entry of await entriesOf(join(cacheFolder, folder))) {
      const name = pattern.exec(entry.name)?.groups?.['name'];
      if (name === undefined) continue;
      const path = join(cacheFolder, folder, entry.name);
      found.push({
        kind,
        name: kind === 'kernel' ? kernelName(name) : name,
        path,
        ...(await measure(path)),
      });
    }
  }
  return found;
}

/**
 * What can go without being missed: of each kernel and each source all but the newest, what killed
 * runs left, and users' trees. With `isAll`, everything.
 */
export function prunable(items: readonly CachedItem[], isAll: boolean): CachedItem[] {
  if (isAll) return [...items];
  return items.filter((item) => {
    if (item.kind === 'rest' || item.kind === 'tree') return true;
    // Each set of a user's modules is an entry of its own under one name.
    if (item.kind === 'kernel' && item.name === 'modules') return true;
    return items.some(
      (other) => other.kind === item.kind && other.name === item.name && other.madeAt > item.madeAt,
    );
  });
}

/** Removes an item; one that another run is making at this moment is waited for. */
export async function removeCached({ path }: CachedItem, signal?: AbortSignal): Promise<void> {
  const owner = path.replace(/\/\.([^/]+)\.part$/, '/$1').replace(/\.part$/, '');
  await withLock(
    owner,
    async () => {
      await rm(path, { recursive: true, force: true });
    },
    { signal },
  );
}

/** Builds lie in the cache by their lines: their ids have the prefix. */
function kernelName(name: string): string {
  return /^\d/.test(name) ? `build-${name}` : name;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []); // nothing was cached yet
}

async function measure(path: string): Promise<{ bytes: number; madeAt: number }> {
  const own = await lstat(path);
  if (!own.isDirectory()) return { bytes: own.size, madeAt: own.mtimeMs };
  let bytes = 0;
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
    bytes += file?.size ?? 0; // one that a run removed meanwhile takes no room
  }
  return { bytes, madeAt: own.mtimeMs };
}
