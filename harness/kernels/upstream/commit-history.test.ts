import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../../base/testing/errors.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import type { GitSource } from '../kernel-entry.js';
import { CommitHistory } from './commit-history.js';
import { runGit } from './git.js';

interface Given extends AsyncDisposable {
  readonly git: (...args: string[]) => Promise<string>;
  /** Commits a change and returns the commit. */
  readonly commit: (title: string) => Promise<string>;
  readonly source: (commit: string) => GitSource;
  readonly open: (older: string, newer: string) => Promise<CommitHistory>;
  readonly notices: string[];
}

async function setUp(): Promise<Given> {
  const folder = await temporaryFolder();
  const url = join(folder.path, 'linux');
  await runGit(['init', '--quiet', '--initial-branch=master', url]);
  const git = async (...args: string[]): Promise<string> =>
    runGit(['-C', url, '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args]);
  const notices: string[] = [];
  const source = (commit: string): GitSource => ({
    ...{ kind: 'git', repository: 'linux', isDefault: false, url, ref: commit.slice(0, 4), commit },
  });
  return {
    ...{ git, source, notices },
    commit: async (title) => {
      await writeFile(join(url, title), title);
      await git('add', '-A');
      await git('commit', '--quiet', '-m', title);
      return (await git('rev-parse', 'HEAD')).trim();
    },
    open: async (older, newer) =>
      CommitHistory.open(source(older), source(newer), {
        cacheFolder: join(folder.path, 'cache'),
        onNotice: (text) => void notices.push(text),
      }),
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
}

/** Bisects: which commit is the first of those that `isNew` says it of, and how many were asked. */
async function firstNew(
  history: CommitHistory,
  [older, newer]: readonly [string, string],
  isNew: (commit: string) => boolean | undefined,
): Promise<{ title: string; asked: number; left: number }> {
  let first = newer;
  const olders = [older];
  const skipped = new Set<string>();
  for (let asked = 0; ; asked++) {
    const next = await history.next(first, olders, skipped);
    if (next === undefined) {
      const { title } = await history.commit(first);
      return { title, asked, left: await history.count(first, olders) };
    }
    const answer = isNew(next);
    if (answer === undefined) skipped.add(next);
    else if (answer) first = next;
    else olders.push(next);
  }
}

test('the first commit of many is found with few questions', async () => {
  await using given = await setUp();
  const commits: string[] = [];
  for (let index = 0; index < 20; index++) commits.push(await given.commit(`c${index}`));
  const [older = '', newer = ''] = [commits[0], commits.at(-1)];
  const history = await given.open(older, newer);
  expect(await history.count(newer, [older])).toBe(19);
  const isNew = (commit: string): boolean => commits.indexOf(commit) >= 13;
  const found = await firstNew(history, [older, newer], isNew);
  expect([found.title, found.left]).toEqual(['c13', 1]);
  expect(found.asked).toBeLessThanOrEqual(5);
  await given.open(older, newer);
  expect(given.notices).toHaveLength(1);
});

test('a commit on a branch that was merged is found, not the merge', async () => {
  await using given = await setUp();
  const older = await given.commit('base');
  await given.git('checkout', '--quiet', '-b', 'topic');
  const fix = await given.commit('fix');
  const after = await given.commit('after');
  await given.git('checkout', '--quiet', 'master');
  await given.commit('other');
  await given.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
  const newer = await given.commit('release');
  const merge = (await given.git('rev-parse', 'HEAD^')).trim();
  const found = await firstNew(await given.open(older, newer), [older, newer], (commit) =>
    [fix, after, merge, newer].includes(commit),
  );
  expect(found.title).toBe('fix');
});

test('a commit that cannot be asked is passed over, and counts among those that it may be', async () => {
  await using given = await setUp();
  const older = await given.commit('base');
  const broken = await given.commit('broken');
  const newer = await given.commit('release');
  const found = await firstNew(await given.open(older, newer), [older, newer], (commit) =>
    commit === broken ? undefined : false,
  );
  expect(found).toEqual({ title: 'release', asked: 1, left: 2 });
});

test('kernels of two branches have no commits between them', async () => {
  await using given = await setUp();
  await given.commit('base');
  await given.git('checkout', '--quiet', '-b', 'stable');
  const older = await given.commit('older');
  await given.git('checkout', '--quiet', 'master');
  const newer = await given.commit('newer');
  expect(await rejectionOf(given.open(older, newer))).toMatchObject({
    ...{ code: 'COMMITS_APART', kind: 'usage' },
    message: `${older.slice(0, 4)} does not lead to ${newer.slice(0, 4)} in ${given.source(newer).url}: there are no commits between them`,
  });
});
