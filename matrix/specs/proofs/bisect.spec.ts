import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { KernelSource } from '../../../fixtures/broken-kernels/kernel-source.js';
import type { SourceEdit } from '../../../fixtures/broken-kernels/source-edits.js';
import { cliProgram } from '../../../harness/base/paths.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';

const PUT = 'kvmppc_set_one_reg_hv';
const CHECK = ['check', '--kernel=.', '--register=LPCR', '--platform=pseries-p10-nested'];
const CLI = [cliProgram, ...CHECK];

/** What each commit has of KVM, the oldest first; LPCR is broken by the last but one. */
const HISTORY: readonly (readonly [subject: string, edits: readonly SourceEdit[]])[] = [
  ['KVM as it is', []],
  ['a comment', [{ within: PUT, find: 'switch (id) {', put: '/* by id */\n\tswitch (id) {' }]],
  ['it does not compile', [{ within: PUT, find: 'switch (id) {', put: 'switch (id {' }]],
  ['it compiles again', []],
  [
    'LPCR is put no more',
    [
      {
        within: PUT,
        find: 'kvmppc_set_lpcr(vcpu, set_reg_val(id, *val), true);',
        put: '',
      },
    ],
  ],
  [
    'and a comment',
    [
      {
        within: PUT,
        find: 'kvmppc_set_lpcr(vcpu, set_reg_val(id, *val), true);',
        put: '/* no more */',
      },
    ],
  ],
];

await skipWithoutBuildTools();

test('git bisect finds the commit that broke LPCR, past one that does not compile', async () => {
  test.setTimeout(600_000);
  const source = await KernelSource.open('build-5.10');
  // The kernel's folder is no repository: what git keeps lies elsewhere, and has KVM alone.
  const env = {
    GIT_DIR: test.info().outputPath('kvm.git'),
    GIT_WORK_TREE: source.folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...{ GIT_AUTHOR_NAME: 'a test', GIT_AUTHOR_EMAIL: 'test@example.org' },
    ...{ GIT_COMMITTER_NAME: 'a test', GIT_COMMITTER_EMAIL: 'test@example.org' },
  };
  const git = async (...args: string[]): Promise<string> =>
    (await execa('git', args, { cwd: source.folder, env, all: true })).all;
  await git('init', '--quiet', '--initial-branch=main');
  for (const [subject, edits] of HISTORY) {
    await source.edit(edits);
    // Debian's archive says that all of it is ignored.
    await git('add', '--force', '--', source.file);
    await git('commit', '--quiet', '--allow-empty', '-m', subject);
  }
  await git('bisect', 'start', 'HEAD', 'HEAD~5');
  const out = test.info().outputPath('out');
  const found = await git('bisect', 'run', 'node', ...CLI, `--out=${out}`);
  const log = await git('bisect', 'log');
  await source.edit([]);
  const culprit = await git('log', '--format=%H', '--grep=LPCR is put no more', 'main');
  expect(found).toContain(`${culprit} is the first bad commit`);
  expect(log).toMatch(/^# skip: \[[0-9a-f]+\] it does not compile$/m);
  expect(log).toMatch(/^# good: \[[0-9a-f]+\] it compiles again$/m);
});
