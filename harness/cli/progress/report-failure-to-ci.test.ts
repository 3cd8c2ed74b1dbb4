import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { runCli } from '../../../fixtures/cli-process.js';
import { reportFailureToCi } from './report-failure-to-ci.js';

test('on GitHub a command that ends before any cell is an annotation and a part of the summary', async () => {
  await using folder = await temporaryFolder();
  const summary = join(folder.path, 'summary.md');
  const { exitCode, stdout, stderr } = await runCli(['run', '--platform=powernv7'], {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: summary,
  });
  const text = stderr.replace('sprmatrix: ', '').trimEnd();
  expect(text).toContain(`no platform matches "powernv7"`);
  expect(exitCode).toBe(2);
  expect(stdout).toBe(`::error title=sprmatrix::${text.replaceAll('\n', '%0A')}\n`);
  expect(await readFile(summary, 'utf8')).toBe(
    `### sprmatrix: nothing was judged\n\n\`\`\`text\n${text}\n\`\`\`\n\n`,
  );
});

test('a wrong option is an annotation, too', async () => {
  const { stdout } = await runCli(['run', '--colour'], { GITHUB_ACTIONS: 'true' });
  expect(stdout).toBe(
    "::error title=sprmatrix::error: unknown option '--colour'%0A(Did you mean --cold?)\n",
  );
});

test('elsewhere nothing is said, and a summary that cannot be written hides nothing', () => {
  const lines: string[] = [];
  const print = (line: string): number => lines.push(line);
  reportFailureToCi('no QEMU', {}, print);
  expect(lines).toEqual([]);
  reportFailureToCi(
    'no QEMU',
    { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/nowhere/summary.md' },
    print,
  );
  expect(lines).toEqual(['::error title=sprmatrix::no QEMU']);
});
