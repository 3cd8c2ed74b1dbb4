import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { repositoryRoot } from './paths.js';
import { harnessIdentity } from './harness-identity.js';

test('the harness knows its version and its commit, null where there is none', async () => {
  const git = (): string | null => {
    try {
      return execFileSync('git', ['-C', repositoryRoot, 'log', '-1', '--format=%H'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      return null;
    }
  };
  const { version, commit } = await harnessIdentity();
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(commit).toBe(git());
});
