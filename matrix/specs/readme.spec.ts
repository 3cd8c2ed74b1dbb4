import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { repositoryPath, repositoryRoot } from '../../harness/base/paths.js';

/** Run by the gate itself, before and around this test. */
const RUN_BY_THE_GATE = new Set(['npm ci']);

/** The lines of the README's sh blocks. */
function readmeCommands(): string[] {
  const text = readFileSync(repositoryPath('README.md'), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => (block ?? '').split('\n'))
    .filter((line) => line !== '' && !RUN_BY_THE_GATE.has(line));
}

test.describe.configure({ mode: 'serial' });

for (const command of readmeCommands()) {
  test(`README: ${command}`, async () => {
    const { exitCode, all } = await execa('sh', ['-c', command], {
      cwd: repositoryRoot,
      all: true,
      reject: false,
      stdin: 'ignore',
      // A plan of this run must not reach an `npm test` of the README.
      env: {
        SPRMATRIX_PLAN: undefined,
        SPRMATRIX_TEST_RESULTS: 'build/nested-test-results',
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
      },
    });
    expect(exitCode, all).toBe(0);
  });
}
