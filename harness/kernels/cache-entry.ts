import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { WrittenFile } from '../base/checksum.js';
import { checksumOfFile, isAsWritten } from '../base/checksum.js';
import { abortedError } from '../base/deadline.js';
import { messageOf, SprmatrixError } from '../base/error.js';
import { withLock } from '../base/lock.js';
import { repositoryPath } from '../base/paths.js';
import { compileSchema } from '../data/schema.js';
import type { KernelManifest } from './kernel-manifest.generated.js';

const MANIFEST = 'manifest.json';

export interface CacheEntryOptions {
  /** What the entry is, for messages: a kernel's id. */
  readonly what: string;
  /** Fills the folder that it is given and says what is in it. */
  readonly build: (staging: string, signal: AbortSignal) => Promise<KernelManifest>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
  readonly onNotice?: ((message: string) => void) | undefined;
}

/**
 * The manifest of the cache entry `folder`, every file of which was just read and is what the manifest says. An
 * entry that is not there, or is damaged, is built: in a folder next to it that is renamed when it is whole and
 * removed when anything fails. One builder at a time; others wait.
 */
export async function ensureCacheEntry(
  folder: string,
  options: CacheEntryOptions,
): Promise<KernelManifest> {
  const { what, signal, onNotice, onProgress } = options;
  if (signal?.aborted === true) throw abortedError(what);
  const found = await inspectEntry(folder);
  if (found.state === 'whole') return found.manifest;
  return withLock(
    folder,
    async (lockSignal) => {
      const now = await inspectEntry(folder);
      if (now.state === 'whole') return now.manifest;
      if (now.state === 'damaged') {
        onNotice?.(`${what}: its cache entry is damaged (${now.why}) and is made again`);
        await rm(folder, { recursive: true, force: true });
      }
      return buildEntry(folder, options, lockSignal);
    },
    { signal, onWait: () => onProgress?.(`${what}: waiting for another run that prepares it`) },
  );
}

async function buildEntry(
  folder: string,
  options: CacheEntryOptions,
  signal: AbortSignal,
): Promise<KernelManifest> {
  // The lock is ours, so a folder of this name was left by a run that was killed.
  const staging = join(dirname(folder), `.${basename(folder)}.part`);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    const manifest = await withChecksums(staging, await options.build(staging, signal));
    await writeFile(join(staging, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
    if (signal.aborted) throw abortedError(options.what);
    await rename(staging, folder);
    return manifest;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw options.signal?.aborted === true ? abortedError(options.what) : error;
  }
}

type EntryState =
  | { readonly state: 'absent' }
  | { readonly state: 'damaged'; readonly why: string }
  | { readonly state: 'whole'; readonly manifest: KernelManifest };

async function inspectEntry(folder: string): Promise<EntryState> {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!existsSync(folder)) return { state: 'absent' };
    return { state: 'damaged', why: manifestDamage(error) };
  }
  try {
    const manifest = manifestCheck()(JSON.parse(text), path);
    for (const file of filesOf(manifest)) {
      if (!(await isAsWritten(join(folder, file.path), file))) {
        return { state: 'damaged', why: `${file.path} is not what was written` };
      }
    }
    return { state: 'whole', manifest };
  } catch (error) {
    return { state: 'damaged', why: manifestDamage(error) };
  }
}

/** A manifest with what shows damage of each of its files. */
async function withChecksums(folder: string, manifest: KernelManifest): Promise<KernelManifest> {
  const summed = async <T extends WrittenFile>(file: T): Promise<T> => ({
    ...file,
    checksum: await checksumOfFile(join(folder, file.path)),
  });
  const { image, channelModules, kvmModules } = manifest;
  return {
    ...manifest,
    image: image && (await summed(image)),
    channelModules: await Promise.all(channelModules.map(summed)),
    kvmModules: await Promise.all(kvmModules.map(summed)),
  };
}

function filesOf(manifest: KernelManifest): readonly WrittenFile[] {
  const modules = [...manifest.channelModules, ...manifest.kvmModules];
  return manifest.image === null ? modules : [manifest.image, ...modules];
}

function manifestDamage(error: unknown): string {
  if (error instanceof SyntaxError) return `${MANIFEST} is cut off`;
  if (error instanceof SprmatrixError) return `${MANIFEST} does not follow its schema`;
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? `${basename(path)} cannot be read` : messageOf(error);
}

let compiled: ReturnType<typeof compileSchema<KernelManifest>> | undefined;

function manifestCheck(): ReturnType<typeof compileSchema<KernelManifest>> {
  compiled ??= compileSchema<KernelManifest>(
    repositoryPath('matrix', 'schema', 'kernel-manifest.schema.json'),
  );
  return compiled;
}
