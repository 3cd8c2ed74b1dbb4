import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { repositoryPath, repositoryRoot } from '../../harness/base/paths.js';

/** Run by the gate itself, before and around this test. */
const RUN_BY_THE_GATE = new Set(['npm ci']);

/** The pages whose commands are run: the README's, then the others'. */
const PAGES = ['README.md', ...readdirSync(repositoryPath('docs')).map((name) => `docs/${name}`)];

/** The lines of a page's sh blocks. */
function commandsOf(page: string): string[] {
  return [...readFileSync(repositoryPath(page), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => (block ?? '').split('\n'))
    .filter((line) => line !== '' && !RUN_BY_THE_GATE.has(line));
}

const commands = PAGES.filter((page) => page.endsWith('.md')).flatMap((page) =>
  commandsOf(page).map((command) => ({ page, command })),
);

test.describe.configure({ mode: 'serial' });

for (const { page, command } of commands) {
  test(`${page}: ${command}`, async () => {
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
