import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../base/files.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot } from '../../base/paths.js';
import type { GitSource, KernelOptions } from '../kernel-entry.js';
import { runGit } from './git.js';

/** Where the objects of a repository lie in the cache. */
function objectsFolder(url: string, cacheFolder = cacheRoot()): string {
  return join(cacheFolder, 'git', `${sha256(url).slice(0, 16)}.git`);
}

/**
 * Has the tree of a commit in the cache and returns the tree's id. Only that commit is fetched, and of its files
 * those that no commit has that was fetched before. Errors: those of git.
 */
export async function ensureCommit(
  source: GitSource,
  { signal, onProgress, onNotice, cacheFolder }: Omit<KernelOptions, 'mirror'>,
): Promise<string> {
  const folder = objectsFolder(source.url, cacheFolder);
  const inRepository = ['--git-dir', folder];
  return withLock(
    folder,
    async (lockSignal) => {
      const options = { signal: lockSignal };
      if (!existsSync(join(folder, 'HEAD'))) {
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder, { recursive: true });
        await runGit(['init', '--quiet', '--bare', folder], options);
      }
      const treeOf = async (): Promise<string> =>
        (
          await runGit(
            [...inRepository, 'rev-parse', '--verify', '--quiet', `${source.commit}^{tree}`],
            options,
          )
        ).trim();
      const known = await treeOf().catch(() => undefined); // not here yet
      if (known !== undefined) return known;
      onNotice?.(
        `${source.ref} is not here: it is fetched from ${source.url} (about 250 MB the first time)`,
      );
      const what = /^v\d/.test(source.ref) ? `refs/tags/${source.ref}` : source.commit;
      const keep = `+${what}:refs/sprmatrix/${source.commit}`;
      const fetch = ['fetch', '--depth=1', '--no-tags', '--progress', '--', source.url, keep];
      await runGit([...inRepository, ...fetch], {
        ...options,
        onProgress: (text) => onProgress?.(`${source.ref}: ${text}`),
      });
      return treeOf();
    },
    { signal, onWait: () => onProgress?.(`${source.ref}: waiting for another run that fetches`) },
  );
}

/**
 * Makes `folder` the files of a commit, changing only those that differ from what is there, so that what was
 * compiled of the others is used again.
 */
export async function checkOut(
  source: GitSource,
  folder: string,
  { signal, onProgress, cacheFolder }: Omit<KernelOptions, 'mirror'>,
): Promise<void> {
  onProgress?.(`${source.ref}: checking out`);
  const repository = ['--git-dir', objectsFolder(source.url, cacheFolder)];
  const isThere = existsSync(join(folder, '.git'));
  if (!isThere) {
    await rm(folder, { recursive: true, force: true });
    await runGit([...repository, 'worktree', 'prune'], { signal });
    await runGit(
      [...repository, 'worktree', 'add', '--quiet', '--detach', '--force', folder, source.commit],
      { signal },
    );
    return;
  }
  await runGit(['-C', folder, 'checkout', '--quiet', '--detach', '--force', source.commit], {
    signal,
  });
  await runGit(['-C', folder, 'clean', '-fdxq'], { signal });
}
