import { basename, dirname, join } from 'node:path';
import { fittedTable } from './progress/fitted-table.js';
import type { CacheEntry } from '../cache/cache-entries.js';
import { cacheEntries, unfinishedEntries } from '../cache/cache-entries.js';
import { cacheRoot } from '../base/paths.js';
import type { Pruned } from '../cache/prune-entries.js';
import { clearEntries, pruneEntries } from '../cache/prune-entries.js';
import { displayName, selectKinds } from '../cache/cache-kinds.js';
import { ageText, sizeText } from '../cache/cache-limits.js';

/** Options of `cache list`. */
export interface CacheListOptions {
  readonly json: boolean;
}

/** Options of `cache clear`. */
export interface CacheClearOptions {
  readonly dryRun: boolean;
}

/** Options of `cache prune`. */
export interface CachePruneOptions extends CacheClearOptions {
  /** Milliseconds. */
  readonly olderThan: number;
  /** Bytes. */
  readonly maxSize: number;
}

/** `sprmatrix cache list`: what is cached, by kind, or the entries of one kind. */
export async function listCached(
  kind: string | undefined,
  options: CacheListOptions,
  root = cacheRoot(),
): Promise<string> {
  if (kind === undefined) return listKinds(options, root);
  const [folder] = foldersOf([kind], root);
  return folder === undefined ? '' : listEntries(folder, options);
}

async function listKinds({ json }: CacheListOptions, root: string): Promise<string> {
  const rows: { kind: string; entries: readonly CacheEntry[] }[] = [];
  const unfinished: CacheEntry[] = [];
  for (const folder of foldersOf([], root)) {
    rows.push({ kind: basename(folder), entries: await cacheEntries(folder) });
    unfinished.push(...(await unfinishedEntries(folder)));
  }
  if (unfinished.length > 0) rows.push({ kind: 'unfinished', entries: unfinished });
  if (json) {
    const described = rows.map(({ kind, entries }) => {
      const { oldest, newest } = usesOf(entries);
      const [oldestUse, newestUse] = [oldest, newest].map(isoTime);
      return { kind, entries: entries.length, bytes: bytesOf(entries), oldestUse, newestUse };
    });
    return JSON.stringify(described, null, 2);
  }
  rows.push({ kind: 'total', entries: rows.flatMap(({ entries }) => entries) });
  const texts = rows.map(({ kind, entries }) => {
    const { oldest, newest } = usesOf(entries);
    const uses = [oldest, newest].map((time) => (time === undefined ? '' : ageText(time)));
    return [kind, String(entries.length), sizeText(bytesOf(entries)), ...uses];
  });
  const table = fittedTable(['kind', 'entries', 'size', 'oldest use', 'newest use'], texts);
  return `${table}\nin ${root}; \`sprmatrix cache list KIND\` lists entries`;
}

/** The least recently used first: what `prune` removes first. */
async function listEntries(folder: string, { json }: CacheListOptions): Promise<string> {
  const entries = [...(await unfinishedEntries(folder)), ...(await cacheEntries(folder))];
  if (json) {
    const described = entries.map(({ path, name, bytes, usedAt }) => {
      return { name: name ?? basename(path), path, bytes, usedAt: isoTime(usedAt) };
    });
    return JSON.stringify(described, null, 2);
  }
  return fittedTable(
    ['name', 'size', 'last used'],
    [
      ...entries.map((entry) => [
        ...[displayName(entry), sizeText(entry.bytes), ageText(entry.usedAt)],
      ]),
      [`total: ${entries.length}`, sizeText(bytesOf(entries)), ''],
    ],
  );
}

/** `sprmatrix cache prune`: what went, and what stays because it is in use. */
export async function pruneCache(
  { olderThan, maxSize, dryRun }: CachePruneOptions,
  root = cacheRoot(),
): Promise<string> {
  const limits = { maxAgeMs: olderThan, maxBytes: maxSize, isDryRun: dryRun };
  return tell(await pruneEntries(foldersOf([], root), limits), dryRun);
}

/** `sprmatrix cache clear`: as `prune`, with all entries of some kinds, or of every kind. */
export async function clearCache(
  kinds: readonly string[],
  { dryRun }: CacheClearOptions,
  root = cacheRoot(),
): Promise<string> {
  return tell(await clearEntries(foldersOf(kinds, root), dryRun), dryRun);
}

function tell({ removed, inUse }: Pruned, isDryRun: boolean): string {
  const lines: string[] = [];
  const verb = isDryRun ? 'would remove' : 'removed';
  for (const entry of removed) {
    const { bytes, usedAt } = entry;
    const size = sizeText(bytes);
    lines.push(`${verb} ${placeOf(entry)}: ${size}, last used ${ageText(usedAt)}`);
  }
  for (const entry of inUse) {
    lines.push(`left ${placeOf(entry)}: another run makes or uses it`);
  }
  const count = removed.length === 1 ? '1 entry' : `${removed.length} entries`;
  const left = inUse.length === 0 ? '' : `; ${inUse.length} in use left`;
  lines.push(`${verb} ${count}, ${sizeText(bytesOf(removed))}${left}`);
  return lines.join('\n');
}

function placeOf(entry: CacheEntry): string {
  return `${basename(dirname(entry.path))}/${displayName(entry)}`;
}

function foldersOf(kinds: readonly string[], root: string): string[] {
  return selectKinds(kinds).map((kind) => join(root, kind));
}

function bytesOf(entries: readonly CacheEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function usesOf(entries: readonly CacheEntry[]): {
  oldest: number | undefined;
  newest: number | undefined;
} {
  const times = entries.map(({ usedAt }) => usedAt).sort((a, b) => a - b);
  return { oldest: times[0], newest: times.at(-1) };
}

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
