import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { sha256OfFile, writeFileAtomic } from '../../base/files.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot } from '../../base/paths.js';
import { shortHash } from '../../base/short-hash.js';
import { kernelSources } from '../kernel-sources.js';
import { moduleName } from '../modules.js';
import type { ModuleStore } from '../modules.js';
import type { GivenOptions } from './given-options.js';
import { openModuleFolder, releasesIn } from './module-folder.js';
import { packagesBeside, readPackageIdentity } from './package-identity.js';
import { unpackRoot } from './unpacked-root.js';
import type { GivenArchive } from './unpacked-root.js';

/** Raised when what is kept of an archive changes. */
const LAYOUT = 1;
const CONTENTS = 'manifest.json';

/** What archives were unpacked to, in the cache. */
export interface UnpackedKernel {
  readonly path: string;
  /** Links that lead out of it and were not made. */
  readonly outside: readonly string[];
}

interface Contents {
  /** What it is of, for `sprmatrix cache`. */
  readonly name: string;
  readonly outside: readonly string[];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * Unpacks archives, with the other parts of the same kernel that lie next to them, into one root in the cache,
 * or finds it there. Of the modules only those stay that are loaded. Errors: those of `unpackRoot` and of
 * `readPackageIdentity`.
 */
export async function unpackKernel(
  given: string,
  archives: readonly GivenArchive[],
  options: GivenOptions,
): Promise<UnpackedKernel> {
  const { signal, onProgress, onNotice } = options;
  const all = await withOthers(archives, options);
  const others = all.slice(archives.length).map(({ path }) => basename(path));
  if (others.length > 0) onNotice?.(`${given}: taken with ${others.join(', ')} next to it`);
  const hashes = await Promise.all(all.map(async ({ path }) => sha256OfFile(path)));
  const key = shortHash([LAYOUT, hashes, kernelSources().modules]);
  const folder = join(options.cacheFolder ?? cacheRoot(), 'given', key);
  const found = await readWhole(folder);
  if (found !== undefined) return found;
  return withLock(
    folder,
    async (lockSignal) => {
      const now = await readWhole(folder);
      if (now !== undefined) return now;
      const staging = join(dirname(folder), `.${key}.part`);
      await rm(folder, { recursive: true, force: true });
      await rm(staging, { recursive: true, force: true });
      try {
        const root = join(staging, 'root');
        await mkdir(staging, { recursive: true });
        const { outside } = await unpackRoot(all, root, { signal: lockSignal, onProgress });
        await keepNeeded(root, lockSignal);
        const contents: Contents = { name: basename(given), outside, files: await hashAll(root) };
        await writeFileAtomic(join(staging, CONTENTS), `${JSON.stringify(contents, null, 1)}\n`);
        await rename(staging, folder);
        return { path: join(folder, 'root'), outside };
      } finally {
        await rm(staging, { recursive: true, force: true });
      }
    },
    { signal, onWait: () => onProgress?.(`${given}: waiting for another run that unpacks it`) },
  );
}

/** The archives, and the packages next to them that belong to the same kernel. */
async function withOthers(
  archives: readonly GivenArchive[],
  { signal }: GivenOptions,
): Promise<GivenArchive[]> {
  const others: GivenArchive[] = [];
  for (const { path, form } of archives) {
    if (form === 'archive') continue;
    const identity = await readPackageIdentity(path, form, signal);
    for (const other of await packagesBeside(path, form, identity, signal)) {
      const isKnown = [...archives, ...others].some((it) => it.path === other);
      if (!isKnown) others.push({ path: other, form });
    }
  }
  return [...archives, ...others];
}

/** Removes every module but those that are loaded and what they depend on, of each release. */
async function keepNeeded(root: string, signal: AbortSignal): Promise<void> {
  const { channel, kvm } = kernelSources().modules;
  for (const folder of await releasesIn(root)) {
    const store = await openModuleFolder(folder, {
      ...{ owner: folder, release: basename(folder), builtIn: undefined, signal },
    });
    const names = await namesNeeded([...channel, ...kvm], store);
    for (const path of await filesBelow(folder)) {
      const name = moduleName(path);
      if (name !== undefined && !names.has(name)) await rm(path);
    }
  }
}

/** Those of `roots` that are modules, and all that they depend on. */
async function namesNeeded(roots: readonly string[], store: ModuleStore): Promise<Set<string>> {
  const names = new Set<string>();
  let wanted = roots.filter((name) => store.files.has(name));
  while (wanted.length > 0) {
    for (const name of wanted) names.add(name);
    const paths = await store.fetch(wanted);
    const depends = await Promise.all([...paths.values()].map(async (it) => store.readDepends(it)));
    wanted = [...new Set(depends.flat())].filter(
      (name) => !names.has(name) && store.files.has(name),
    );
  }
  return names;
}

async function readWhole(folder: string): Promise<UnpackedKernel | undefined> {
  try {
    const contents = JSON.parse(await readFile(join(folder, CONTENTS), 'utf8')) as Contents;
    for (const file of contents.files) {
      if ((await sha256OfFile(join(folder, 'root', file.path))) !== file.sha256) return undefined;
    }
    return { path: join(folder, 'root'), outside: contents.outside };
  } catch {
    return undefined; // not there, or damaged: unpacked again
  }
}

async function hashAll(root: string): Promise<Contents['files']> {
  const paths = await filesBelow(root);
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(root, path),
      sha256: await sha256OfFile(path),
    })),
  );
}

async function filesBelow(top: string): Promise<string[]> {
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const kinds = await Promise.all(paths.map(async (path) => lstat(path)));
  return paths.filter((_, index) => kinds[index]?.isFile() === true).sort();
}
