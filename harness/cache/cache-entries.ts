import type { Stats } from 'node:fs';
import { lstatSync, readdirSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Something in a folder of the cache: a file or a folder, whole. */
export interface CacheEntry {
  readonly path: string;
  /** What it is of, for people: the `name` in its manifest, or the sources that were built in it. */
  readonly name: string | undefined;
  /** What it takes of the disk: holes in files take nothing. */
  readonly bytes: number;
  /** When it was last read, written or touched, as far as the file system notes it; milliseconds since 1970. */
  readonly usedAt: number;
}

const MANIFEST = 'manifest.json';
/** What is being written, or was when a run was killed. */
const UNFINISHED = '.part';
const LOCK = '.lock';
/** Names that `writeFileAtomic` and removal make of an entry's have so many random digits. */
const RANDOM = /\.(?:[0-9a-f]{8}|[0-9a-f]{12})$/;

/** The entries of a folder of the cache, the least recently used first; none when it is not there. */
export async function cacheEntries(folder: string): Promise<CacheEntry[]> {
  const names = await namesIn(folder);
  return describeAll(
    folder,
    names.filter(
      (name) => !name.startsWith('.') && !name.endsWith(UNFINISHED) && !name.endsWith(LOCK),
    ),
  );
}

/** What is not whole in a folder of the cache: it is being made, or was when a run was killed. */
export async function unfinishedEntries(folder: string): Promise<CacheEntry[]> {
  const names = await namesIn(folder);
  return describeAll(
    folder,
    names.filter((name) => name.endsWith(UNFINISHED)),
  );
}

/** The name of the entry that something unfinished was to be: who makes it holds its lock. */
export function nameWhenFinished(path: string): string {
  return basename(path, UNFINISHED).replace(/^\./, '').replace(RANDOM, '');
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []); // nothing was cached yet
}

async function describeAll(folder: string, names: readonly string[]): Promise<CacheEntry[]> {
  const found: CacheEntry[] = [];
  for (const name of names) {
    const entry = await describe(join(folder, name));
    if (entry !== undefined) found.push(entry);
  }
  return found.sort((a, b) => a.usedAt - b.usedAt || a.path.localeCompare(b.path));
}

/** undefined when it was removed meanwhile. */
async function describe(path: string): Promise<CacheEntry | undefined> {
  const own = statOf(path);
  if (own === undefined) return undefined;
  const { bytes, usedAt } = measure(path, own);
  return { path, name: own.isDirectory() ? await nameIn(path) : undefined, bytes, usedAt };
}

/**
 * Only files' times of access count, and not the manifest's: to look at the cache is no use of it. An entry may be a
 * kernel's tree of 100,000 files: asked at once, each takes a fifth of the time that it takes through a thread.
 */
function measure(path: string, own: Stats): { bytes: number; usedAt: number } {
  let bytes = own.blocks * 512;
  if (!own.isDirectory()) {
    const isReadByUse = own.isFile() && basename(path) !== MANIFEST;
    return { bytes, usedAt: isReadByUse ? Math.max(own.mtimeMs, own.atimeMs) : own.mtimeMs };
  }
  let usedAt = own.mtimeMs;
  for (const name of namesNow(path)) {
    const part = join(path, name);
    const stats = statOf(part);
    if (stats === undefined) continue; // one that was removed meanwhile takes no room
    const measured = measure(part, stats);
    bytes += measured.bytes;
    usedAt = Math.max(usedAt, measured.usedAt);
  }
  return { bytes, usedAt };
}

function namesNow(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it was removed meanwhile
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a folder above it is no folder any more
  }
}

/** Printable, or none. */
async function nameIn(folder: string): Promise<string | undefined> {
  const name = (await nameInManifest(folder)) ?? (await sourceOf(folder));
  return typeof name === 'string' && /^[\x20-\x7e]+$/.test(name) ? name : undefined;
}

async function nameInManifest(folder: string): Promise<unknown> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));
    const isNamed = typeof manifest === 'object' && manifest !== null && 'name' in manifest;
    return isNamed ? manifest.name : undefined;
  } catch {
    return undefined; // many entries have no manifest, and a damaged one gives no name
  }
}

/** The kernel's make leaves a link to the sources in the folder that it builds in. */
async function sourceOf(folder: string): Promise<string | undefined> {
  return readlink(join(folder, 'source')).catch(() => undefined); // nothing was built in it
}
