import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../../base/testing/errors.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import type { KernelEntry } from '../kernel-entry.js';
import { kernelSources } from '../kernel-sources.js';
import { prepareKernel } from '../prepare-kernel.js';
import { selectingOptions, selectKernels } from '../select-kernels.js';
import { BUILT_IN, fakeImage } from '../testing/fake-elf.js';
import { serveGit } from '../testing/git-server.js';
import { MAKEFILE, writeFakePrograms, writeFakeTree } from '../testing/fake-source.js';
import { runGit } from './git.js';

interface Given extends AsyncDisposable {
  readonly at: (name: string) => string;
  readonly notices: string[];
  readonly options: { git: string; cacheFolder: string; onNotice: (text: string) => void };
  readonly git: (...args: string[]) => Promise<string>;
  /** Commits the tree as a version and tags it. */
  readonly release: (tag: string) => Promise<void>;
  readonly select: (...words: string[]) => Promise<KernelEntry[]>;
}

async function setUp(makefile = MAKEFILE.replace('$(MIDDLE)', 'true')): Promise<Given> {
  const folder = await temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  const path = process.env['PATH'] ?? '';
  await writeFakePrograms(at('bin'), [
    `${kernelSources().tree.compiler}-gcc`,
    'flex',
    'bison',
    'bc',
  ]);
  process.env['PATH'] = `${at('bin')}${delimiter}${path}`;
  await writeFakeTree(at('linux'), makefile);
  const git = async (...args: string[]): Promise<string> =>
    runGit(['-C', at('linux'), '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args]);
  await git('init', '--quiet', '--initial-branch=master');
  const notices: string[] = [];
  const options = {
    ...{ git: at('linux'), cacheFolder: at('cache') },
    onNotice: (text: string): void => void notices.push(text),
  };
  return {
    ...{ at, notices, options, git },
    release: async (tag) => {
      const image = fakeImage([`Linux version ${tag.slice(1)} (x)`, ...BUILT_IN]);
      await writeFile(join(at('linux'), 'image'), image);
      await git('add', '-A');
      await git('commit', '--quiet', '-m', tag);
      await git('tag', '-a', '-m', tag, tag);
    },
    select: async (...words) => selectKernels(words, [], options),
    [Symbol.asyncDispose]: async () => {
      process.env['PATH'] = path;
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('a tag, a version, a line and a branch of a repository are kernels', async () => {
  await using given = await setUp();
  for (const tag of ['v6.8-rc7', 'v6.8', 'v6.8.1', 'v6.8.10', 'v6.9']) await given.release(tag);
  const commitOf = async (ref: string): Promise<string> =>
    (await given.git('rev-parse', `${ref}^{commit}`)).trim();
  for (const [word, ref, version] of [
    ['v6.8', 'v6.8', '6.8'],
    ['6.8', 'v6.8.10', '6.8.10'],
    ['6.8.1', 'v6.8.1', '6.8.1'],
    ['6.8-rc7', 'v6.8-rc7', '6.8-rc7'],
    ['git:master', 'master', ''],
  ] as const) {
    const [entry, ...others] = await given.select(word);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      version,
      source: { kind: 'git', ref, url: given.at('linux'), commit: await commitOf(ref) },
    });
  }
  const commit = await commitOf('v6.8');
  expect(await given.select(commit)).toMatchObject([{ id: `linux-g${commit.slice(0, 12)}` }]);
  const [master] = await given.select('git:master');
  expect(master?.id).toBe(`master-g${(await commitOf('master')).slice(0, 12)}`);
  expect(master && selectingOptions(master)).toEqual([
    `--kernel=git:${await commitOf('master')}`,
    `--git=${given.at('linux')}`,
  ]);
});

test('tags: are the releases of the lines from one to another, each once', async () => {
  await using given = await setUp();
  for (const tag of ['v6.1', 'v6.2', 'v6.2.1', 'v6.3-rc1', 'v6.10', 'v6.11'])
    await given.release(tag);
  const refs = (await given.select('tags:v6.1..v6.10,v6.2')).map(({ version }) => version);
  expect(refs).toEqual(['6.1', '6.2', '6.10']);
  expect((await rejectionOf(given.select('tags:v5.1..v5.2'))).message).toBe(
    `${given.at('linux')} has no release from v5.1 to v5.2`,
  );
  expect((await rejectionOf(given.select('tags:v5.1'))).message).toBe(
    '"tags:v5.1" is no range of tags, as tags:v6.1..v6.12 is',
  );
});

test('a ref that is not there is refused with the nearest, a repository that is none with what git says', async () => {
  await using given = await setUp();
  await given.release('v6.8');
  expect(await rejectionOf(given.select('v6.80'))).toMatchObject({
    ...{ code: 'UNKNOWN_REF', kind: 'usage' },
    message: `${given.at('linux')} has no tag or branch "v6.80" (nearest first: v6.8, master)`,
  });
  await mkdir(given.at('empty'));
  const options = { ...given.options, git: given.at('empty') };
  const fault = await rejectionOf(selectKernels(['v6.8'], [], options));
  expect(fault).toMatchObject({
    code: 'REPOSITORY_UNREADABLE',
    message: `${given.at('empty')} is no repository that can be read from here`,
  });
  expect(fault.evidence.join()).toContain('does not appear to be a git repository');
});

test('a commit is fetched alone and built, and found in the cache from then on', async () => {
  await using given = await setUp();
  for (const tag of ['v6.8', 'v6.8.1']) await given.release(tag);
  for (const version of ['6.8', '6.8.1']) {
    const [entry] = await given.select(`v${version}`);
    if (entry === undefined) throw new Error('nothing was selected');
    const kernel = await prepareKernel(entry, given.options);
    expect((await readFile(kernel.image)).includes(`Linux version ${version} `)).toBe(true);
    const before = given.notices.length;
    expect(await prepareKernel(entry, given.options)).toEqual(kernel);
    expect(given.notices.length).toBe(before);
  }
  expect(given.notices[0]).toBe(
    `v6.8 is not here: it is fetched from ${given.at('linux')} (about 250 MB the first time)`,
  );
});

test('a tree that does not build says what make said and where its log is', async () => {
  await using given = await setUp(
    MAKEFILE.replace('$(MIDDLE)', 'echo "kernel/fork.c:1: error: no" && false'),
  );
  await given.release('v6.8');
  const [entry] = await given.select('v6.8');
  if (entry === undefined) throw new Error('nothing was selected');
  const fault = await rejectionOf(prepareKernel(entry, given.options));
  expect(fault.code).toBe('BUILD_FAILED');
  expect(fault.evidence.join('\n')).toContain('kernel/fork.c:1: error: no');
  expect(fault.logs[0]).toContain('/cache/build-logs/');
});

test('over HTTP one commit is fetched without its history, and of the next what differs, with progress', async () => {
  await using given = await setUp();
  const random = async (name: string): Promise<void> =>
    writeFile(join(given.at('linux'), name), randomBytes(100_000));
  // A file of the past, which no tag has, would be in a history.
  await random('old.bin');
  await given.release('v6.7');
  await given.git('rm', '--quiet', 'old.bin');
  await random('both.bin');
  await given.release('v6.8');
  await writeFile(join(given.at('linux'), 'new.c'), 'int x;\n');
  await given.release('v6.8.1');
  await using server = await serveGit(given.at('.'), 'linux/.git');
  const progress: string[] = [];
  const options = {
    ...{ ...given.options, git: server.url },
    onProgress: (text: string): void => void progress.push(text),
  };
  for (const tag of ['v6.8', 'v6.8.1']) {
    const [entry] = await selectKernels([tag], [], options);
    if (entry === undefined) throw new Error('nothing was selected');
    const kernel = await prepareKernel(entry, options);
    expect((await readFile(kernel.image)).includes(`Linux version ${tag.slice(1)} `)).toBe(true);
    expect(entry.source).toMatchObject({ kind: 'git', url: server.url });
  }
  const [first = 0, second = 0, ...others] = server.packBytes;
  expect(others).toEqual([]);
  expect(first).toBeGreaterThan(100_000);
  expect(first).toBeLessThan(200_000);
  expect(second).toBeLessThan(10_000);
  expect(progress.some((text) => /^v6\.8: \w+ objects, \d+%/.test(text))).toBe(true);
  expect(given.notices.filter((text) => text.includes('is not here'))).toEqual(
    ['v6.8', 'v6.8.1'].map(
      (tag) => `${tag} is not here: it is fetched from ${server.url} (about 250 MB the first time)`,
    ),
  );
});

test('commits of one line are built in one place, where what was compiled before is used again', async () => {
  // As make does it: an object that is there is not compiled again.
  await using given = await setUp(
    MAKEFILE.replace(
      '$(MIDDLE)',
      'test -e $(O)/fork.o || { touch $(O)/fork.o; echo "compiled for `cat version`" >> ../log; }',
    ),
  );
  const versions = ['6.8', '6.8.1', '6.9'];
  for (const version of versions) {
    await writeFile(join(given.at('linux'), 'version'), version);
    await given.release(`v${version}`);
  }
  for (const version of versions) {
    const [entry] = await given.select(`v${version}`);
    if (entry === undefined) throw new Error('nothing was selected');
    await prepareKernel(entry, given.options);
  }
  const places = await readdir(given.at('cache/trees'));
  const logs = await Promise.all(
    places.map(async (name) => readFile(join(given.at('cache/trees'), name, 'log'), 'utf8')),
  );
  expect(logs.sort()).toEqual(['compiled for 6.8\n', 'compiled for 6.9\n']);
});

test('an option that a commit does not have, and our fragments need, is named with its fragment', async () => {
  await using given = await setUp(
    MAKEFILE.replace('$(MIDDLE)', 'true').replace('CONFIG_LOST=', 'CONFIG_DEVTMPFS='),
  );
  await given.release('v6.8');
  const [entry] = await given.select('v6.8');
  if (entry === undefined) throw new Error('nothing was selected');
  const fault = await rejectionOf(prepareKernel(entry, given.options));
  expect(fault.code).toBe('KCONFIG_LOST');
  expect(`${fault.message} ${fault.evidence.join()}`).toMatch(/CONFIG_DEVTMPFS.*base/);
});
