import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { cacheRoot } from '../../base/paths.js';
import { withLock } from '../../base/lock.js';
import { sha256 } from '../../base/files.js';
import type { GitSource, KernelOptions } from '../kernel-entry.js';
import { runGit } from './git.js';

/** A commit and the first line of its message. */
export interface Commit {
  readonly id: string;
  readonly title: string;
}

/** The commits between two kernels of one repository, without their files. */
export class CommitHistory {
  readonly #git: (...args: string[]) => Promise<string>;

  private constructor(git: (...args: string[]) => Promise<string>) {
    this.#git = git;
  }

  /**
   * Fetches the history that leads from `older` to `newer`. Errors: those of git; the usage error
   * `COMMITS_APART` when the one does not lead to the other.
   */
  static async open(
    older: GitSource,
    newer: GitSource,
    { signal, onProgress, onNotice, cacheFolder = cacheRoot() }: Omit<KernelOptions, 'mirror'>,
  ): Promise<CommitHistory> {
    const folder = join(cacheFolder, 'git', `${sha256(newer.url).slice(0, 16)}-history.git`);
    const git = async (...args: string[]): Promise<string> =>
      runGit(['--git-dir', folder, ...args], {
        signal,
        onProgress: (text) => onProgress?.(`${older.ref}..${newer.ref}: ${text}`),
      });
    const isKnown = async (): Promise<boolean> =>
      git('merge-base', '--is-ancestor', older.commit, newer.commit).then(
        () => true,
        () => false,
      );
    await withLock(
      folder,
      async () => {
        if (!existsSync(join(folder, 'HEAD'))) {
          await mkdir(folder, { recursive: true });
          await runGit(['init', '--quiet', '--bare', folder], { signal });
        }
        if (await isKnown()) return;
        onNotice?.(
          `the history of ${older.ref}..${newer.ref} is fetched from ${newer.url}, without files`,
        );
        const keep = (commit: string): string => `+${commit}:refs/sprmatrix/${commit}`;
        const what = [keep(older.commit), keep(newer.commit)];
        await git(
          ...['fetch', '--filter=tree:0', '--no-tags', '--progress', '--', newer.url, ...what],
        );
      },
      { signal, onWait: () => onProgress?.(`${newer.ref}: waiting for another run that fetches`) },
    );
    if (await isKnown()) return new CommitHistory(git);
    throw new SprmatrixError({
      code: 'COMMITS_APART',
      kind: 'usage',
      message: `${older.ref} does not lead to ${newer.ref} in ${newer.url}: there are no commits between them`,
      hint: 'take two releases of one branch, e.g. --kernel=tags:v6.1..v6.12',
    });
  }

  /**
   * The commit to ask next, when `newer` has the new answer and `olders` have another; `skipped` could not be
   * asked. Undefined: there is none left, `newer` is the first.
   */
  async next(
    newer: string,
    olders: readonly string[],
    skipped: ReadonlySet<string>,
  ): Promise<string | undefined> {
    const text = await this.#git('rev-list', '--bisect-all', newer, '--not', ...olders);
    const commits = text.split('\n').flatMap((line) => /^[0-9a-f]{40}/.exec(line)?.[0] ?? []);
    return commits.find((commit) => commit !== newer && !skipped.has(commit));
  }

  /** How many commits are left to tell apart. */
  async count(newer: string, olders: readonly string[]): Promise<number> {
    return Number(await this.#git('rev-list', '--count', newer, '--not', ...olders));
  }

  async commit(id: string): Promise<Commit> {
    return { id, title: (await this.#git('show', '-s', '--format=%s', id)).trim() };
  }
}
