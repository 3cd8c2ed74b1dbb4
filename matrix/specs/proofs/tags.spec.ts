import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { KernelSource } from '../../../fixtures/broken-kernels/kernel-source.js';
import { runCli } from '../../../fixtures/cli-process.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';
import { MAKEFILE, writeFakeTree } from '../../../harness/kernels/testing/fake-source.js';

await skipWithoutBuildTools();

test('several tags of a repository are fetched, built, booted and recorded by one command', async () => {
  test.setTimeout(600_000);
  const source = await KernelSource.open('build-5.10');
  const image = await source.build([], test.info().outputPath('kernel'));
  // A tree whose compiling is over at once: what comes of it is a real kernel.
  const tree = test.info().outputPath('linux');
  await writeFakeTree(tree, MAKEFILE.replace('$(MIDDLE)', 'true'));
  await copyFile(image, join(tree, 'image'));
  const when = '2026-01-01T00:00:00Z';
  const who = { GIT_AUTHOR_NAME: 'a test', GIT_AUTHOR_EMAIL: 'test@example.org' };
  const env = {
    ...{ ...who, GIT_COMMITTER_NAME: 'a test', GIT_COMMITTER_EMAIL: 'test@example.org' },
    ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when },
  };
  const git = async (...args: string[]): Promise<unknown> => execa('git', args, { cwd: tree, env });
  await git('init', '--quiet', '--initial-branch=master');
  for (const tag of ['v6.2', 'v6.3', 'v6.4']) {
    await writeFile(join(tree, 'README'), tag);
    await git('add', '--all');
    await git('commit', '--quiet', '-m', tag);
    await git('tag', '-a', '-m', tag, tag);
  }
  const out = test.info().outputPath('out');
  const { exitCode, stdout, stderr } = await runCli([
    ...['run', '--kernel=v6.2,v6.3', `--git=${tree}`, '--platform=pseries-p10-nested'],
    ...['--register=DAR', '--out', out],
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('2 of 2 cells recorded, 0 skipped, 0 deviations, 0 failures');
  expect((await readdir(join(out, 'records'))).map((it) => it.replace(/-g.*$/, ''))).toEqual([
    'v6.2',
    'v6.3',
  ]);
});
