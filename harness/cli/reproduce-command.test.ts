import { expect, test } from '@playwright/test';
import { runCli } from '../../fixtures/cli-process.js';

test('reproduce writes a C file, and nothing else, on standard output', async () => {
  const { exitCode, stdout, stderr } = await runCli(['reproduce', 'vscr-is-another-word']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^\/\/ SPDX-License-Identifier: MIT\n\/\*\n \* vscr-is-another-word: /);
});

test('a bug that must not have a C file says why: exit 2', async () => {
  const id = 'kernel-pointer-reads-first-page';
  expect(await runCli(['reproduce', id])).toMatchObject({
    ...{ exitCode: 2, stdout: '' },
    stderr: `sprmatrix: there is no C file of ${id}: a call takes what is not its caller's memory, and no fix is public yet (SECURITY.md)\n  hint: docs/findings/${id}.md has the command that shows it\n`,
  });
});

test('an unknown bug is a usage error with the nearest: exit 2', async () => {
  const { exitCode, stderr } = await runCli(['reproduce', 'vscr-is-another-wrod']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('hint: did you mean vscr-is-another-word?');
});
