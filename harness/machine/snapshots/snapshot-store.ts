import { mkdir, readdir, readFile, rename, rm, statfs, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { messageOf } from '../../base/error.js';
import { withLock } from '../../base/lock.js';
import { pruneEntries } from '../../cache/prune-entries.js';
import { cacheRoot, repositoryPath } from '../../base/paths.js';
import { compileSchema } from '../../data/schema.js';
import { checksumOfFile } from '../../base/checksum.js';
import { describeMemory, isMemoryWhole } from './saved-memory.js';
import type { SnapshotManifest } from './snapshot.generated.js';

const [MANIFEST, RAM, STATE] = ['manifest.json', 'ram', 'state'] as const;

/** A snapshot takes 70 to 130 MB. */
export const SNAPSHOT_BYTES = 130e6;
/**
 * Those of the whole matrix stay, of one QEMU. Were there room for all but one, none would be of use: the one that goes
 * was used longest ago, and is the next one that a run of all asks for.
 */
export const SNAPSHOT_LIMITS = {
  maxAgeMs: 14 * 24 * 60 * 60 * 1000,
  maxBytes: 250 * SNAPSHOT_BYTES,
};

/** Raised when what is saved, or how, changes: older snapshots are then not found. */
export const SNAPSHOT_FORMAT = 3;

/** A saved machine. */
export interface Snapshot {
  readonly folder: string;
  readonly memoryPath: string;
  readonly statePath: string;
  readonly manifest: SnapshotManifest;
}

/** What is known of a machine that was saved, next to its files. */
export type SavedMachine = Pick<SnapshotManifest, 'hypercalls'>;

/** Where a machine is saved to. */
export type SnapshotFiles = Pick<Snapshot, 'memoryPath' | 'statePath'>;

/**
 * Saved machines, in `snapshots/<key>/` of the cache. Each is written next to its place and renamed when
 * it is whole, so that a reader sees all of it or nothing; one that goes while a machine runs from
 * it leaves that machine its memory.
 */
export class SnapshotStore {
  readonly folder: string;

  constructor(cacheFolder = cacheRoot()) {
    this.folder = join(cacheFolder, 'snapshots');
  }

  /** The snapshot of a key. One whose manifest cannot be read is removed, and is none. */
  async find(key: string): Promise<Snapshot | undefined> {
    const folder = join(this.folder, key);
    let text: string;
    try {
      text = await readFile(join(folder, MANIFEST), 'utf8');
    } catch {
      return undefined;
    }
    try {
      const manifest = manifestCheck()(JSON.parse(text), join(folder, MANIFEST));
      // What is used last is pruned last.
      await utimes(folder, new Date(), new Date());
      return { folder, ...filesIn(folder), manifest };
    } catch {
      await this.drop(folder);
      return undefined;
    }
  }

  /**
   * The snapshot of a key, which `save` makes when there is none; undefined when `save` gives none. One
   * caller at a time makes it, the others wait. Errors: those of `save`, and of writing.
   */
  async ensure(
    key: string,
    name: string,
    save: (files: SnapshotFiles) => Promise<SavedMachine | undefined>,
    signal?: AbortSignal,
  ): Promise<Snapshot | undefined> {
    const known = await this.find(key);
    if (known !== undefined) return known;
    const folder = join(this.folder, key);
    return withLock(
      folder,
      async (lockSignal) => {
        const now = await this.find(key);
        if (now !== undefined) return now;
        // The lock is ours, so a folder of this name was left by a run that was killed.
        const staging = join(this.folder, `.${key}.part`);
        await rm(staging, { recursive: true, force: true });
        await mkdir(staging, { recursive: true });
        try {
          const files = filesIn(staging);
          const saved = await save(files);
          if (saved === undefined) return undefined;
          const manifest = await describe({ name, ...saved }, files, lockSignal);
          await writeFile(join(staging, MANIFEST), `${JSON.stringify(manifest)}\n`);
          await rm(folder, { recursive: true, force: true });
          await rename(staging, folder);
          // What cannot be removed must not cost the machine that was just saved.
          await pruneEntries(this.folder, {
            ...SNAPSHOT_LIMITS,
            keep: ({ path }) => path === folder,
          }).catch(() => undefined);
          return { folder, ...filesIn(folder), manifest };
        } finally {
          await rm(staging, { recursive: true, force: true });
        }
      },
      { signal },
    );
  }

  /** The keys of all that is saved. */
  async list(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names.filter((name) => /^[0-9a-f]+$/.test(name));
  }

  /** The names of the cells whose machines are saved, by any QEMU. */
  async names(): Promise<Set<string>> {
    const found = await Promise.all((await this.list()).map(async (key) => this.#manifestOf(key)));
    return new Set(found.flatMap((manifest) => manifest?.name ?? []));
  }

  /** Undefined when it is not there or cannot be read. */
  async #manifestOf(key: string): Promise<SnapshotManifest | undefined> {
    const path = join(this.folder, key, MANIFEST);
    try {
      return manifestCheck()(JSON.parse(await readFile(path, 'utf8')), path);
    } catch {
      return undefined;
    }
  }

  /** Removes a snapshot at once, whoever reads it. */
  async drop(folder: string): Promise<void> {
    const away = join(
      dirname(folder),
      `.${basename(folder)}.${randomBytes(4).toString('hex')}.part`,
    );
    await rename(folder, away).catch(() => undefined);
    await rm(away, { recursive: true, force: true });
  }

  /** Bytes that can be written to where snapshots are. */
  async freeBytes(): Promise<number> {
    await mkdir(this.folder, { recursive: true });
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }
}

/** Why a snapshot is not what was saved; undefined when it is. */
export async function damageOf(
  { memoryPath, statePath, manifest }: Snapshot,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    if ((await checksumOfFile(statePath)) !== manifest.stateChecksum) return 'its state is damaged';
    if (!(await isMemoryWhole(memoryPath, manifest.ram, signal))) return 'its memory is damaged';
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function describe(
  known: SavedMachine & { readonly name: string },
  { memoryPath, statePath }: SnapshotFiles,
  signal: AbortSignal,
): Promise<SnapshotManifest> {
  const stateChecksum = await checksumOfFile(statePath);
  const ram = await describeMemory(memoryPath, signal);
  return { format: SNAPSHOT_FORMAT, ...known, stateChecksum, ram };
}

function filesIn(folder: string): SnapshotFiles {
  return { memoryPath: join(folder, RAM), statePath: join(folder, STATE) };
}

let compiled: ReturnType<typeof compileSchema<SnapshotManifest>> | undefined;

function manifestCheck(): ReturnType<typeof compileSchema<SnapshotManifest>> {
  compiled ??= compileSchema<SnapshotManifest>(
    repositoryPath('matrix', 'schema', 'snapshot.schema.json'),
  );
  return compiled;
}
