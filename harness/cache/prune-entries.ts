import { randomBytes } from 'node:crypto';
import { lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CacheEntry } from './cache-entries.js';
import { cacheEntries, nameWhenFinished, unfinishedEntries } from './cache-entries.js';
import { messageOf, SprmatrixError } from '../base/error.js';
import { withLockIfFree } from '../base/lock.js';

/** What runs that were killed left is removed when it is older than this. */
const UNFINISHED_MS = 24 * 60 * 60 * 1000;

export interface PruneLimits {
  /** Entries that were last used longer ago than this go. */
  readonly maxAgeMs: number;
  /** What remains takes no more than this, of all folders together. */
  readonly maxBytes: number;
  /** Entries that stay, whatever their age and size. */
  readonly keep?: (entry: CacheEntry) => boolean;
  /** Find what would go, and remove nothing. */
  readonly isDryRun?: boolean;
}

export interface Pruned {
  readonly removed: readonly CacheEntry[];
  /** What was to go and stays: another run makes it, or used it a moment ago. */
  readonly inUse: readonly CacheEntry[];
}

/**
 * Removes what is too old from folders of the cache, then the least recently used until the rest is
 * small enough; and what runs that were killed left. A reader sees an entry whole or not at all.
 * Waits for no lock. Errors: `CACHE_NOT_REMOVED`.
 */
export async function pruneEntries(
  folders: string | readonly string[],
  { maxAgeMs, maxBytes, keep = () => false, isDryRun = false }: PruneLimits,
): Promise<Pruned> {
  const now = Date.now();
  const removal = new Removal(isDryRun);
  for (const entry of await listAll(folders, unfinishedEntries)) {
    if (now - entry.usedAt > UNFINISHED_MS) await removal.remove(entry);
  }
  const entries = await listAll(folders, cacheEntries);
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of entries) {
    if (now - entry.usedAt <= maxAgeMs && bytes <= maxBytes) break; // all that follow are younger
    if (!keep(entry) && (await removal.remove(entry))) bytes -= entry.bytes;
  }
  return removal;
}

/** Removes all of folders of the cache, whole and unfinished, but what another run makes or uses. */
export async function clearEntries(
  folders: string | readonly string[],
  isDryRun = false,
): Promise<Pruned> {
  const removal = new Removal(isDryRun);
  for (const list of [unfinishedEntries, cacheEntries]) {
    for (const entry of await listAll(folders, list)) await removal.remove(entry);
  }
  return removal;
}

async function listAll(
  folders: string | readonly string[],
  list: (folder: string) => Promise<CacheEntry[]>,
): Promise<CacheEntry[]> {
  const entries = await Promise.all([folders].flat().map(list));
  return entries.flat().sort((a, b) => a.usedAt - b.usedAt);
}

class Removal implements Pruned {
  readonly removed: CacheEntry[] = [];
  readonly inUse: CacheEntry[] = [];

  constructor(private readonly isDryRun: boolean) {}

  /** Whether the entry is gone (or would be). */
  async remove(entry: CacheEntry): Promise<boolean> {
    const owner = join(dirname(entry.path), nameWhenFinished(entry.path));
    const outcome = await withLockIfFree(owner, async () => this.removeLocked(entry));
    if (outcome === 'removed') this.removed.push(entry);
    if (outcome === 'in use' || outcome === undefined) this.inUse.push(entry);
    return outcome === 'removed' || outcome === 'gone';
  }

  private async removeLocked({ path, usedAt }: CacheEntry): Promise<'removed' | 'in use' | 'gone'> {
    const own = await lstat(path).catch(() => undefined); // another run has removed it
    if (own === undefined) return 'gone';
    if (own.mtimeMs > usedAt) return 'in use';
    if (!this.isDryRun) await removeAtOnce(path);
    return 'removed';
  }
}

/** By another name first, which `unfinishedEntries` finds if this process is killed. */
async function removeAtOnce(path: string): Promise<void> {
  const digits = randomBytes(4).toString('hex');
  const away = join(dirname(path), `.${nameWhenFinished(path)}.${digits}.part`);
  try {
    await rename(path, away);
    await rm(away, { recursive: true, force: true });
  } catch (error) {
    throw new SprmatrixError({
      code: 'CACHE_NOT_REMOVED',
      message: `${basename(path)} cannot be removed from ${dirname(path)}: ${messageOf(error)}`,
      cause: error,
    });
  }
}
