import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';
import { repositoryPath } from '../../../harness/base/paths.js';

const CELL = ['--kernel=debian-6.1', '--platform=pseries-p9-nested'];
const BASELINE = 'matrix/baseline/debian-6.1/pseries-p9-nested.json';

/** This repository as the gate needs it, in another folder: its data can be broken there. */
async function copyOfRepository(folder: string): Promise<void> {
  const parts = [
    ...['bin', 'build/native', 'build/guest', 'dist', 'fixtures', 'harness', 'matrix'],
    ...['package.json', 'playwright.config.ts', 'reports', 'scripts', 'tsconfig.json'],
  ];
  for (const part of parts) {
    await mkdir(join(folder, part, '..'), { recursive: true });
    await cp(repositoryPath(part), join(folder, part), { recursive: true });
  }
  await symlink(repositoryPath('node_modules'), join(folder, 'node_modules'));
}

test('a baseline that lacks a row fails its cell once, before a machine boots', async () => {
  await using folder = await temporaryFolder();
  await copyOfRepository(folder.path);
  const path = join(folder.path, BASELINE);
  const baseline = JSON.parse(await readFile(path, 'utf8')) as {
    registers: Record<string, unknown>;
  };
  delete baseline.registers['LPCR'];
  await writeFile(path, JSON.stringify(baseline));
  const startedAt = performance.now();
  const { exitCode, all } = await execa(
    process.execPath,
    [join(folder.path, 'dist/bundle/test-command.js'), ...CELL],
    {
      cwd: folder.path,
      env: { SPRMATRIX_PLAN: undefined, SPRMATRIX_TEST_RESULTS: 'build/nested-test-results' },
      ...{ all: true, reject: false },
    },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  expect(exitCode, all).toBe(3);
  expect(all).toContain(
    `${path}: not a valid record: register LPCR: missing; a record has all 310 registers`,
  );
  // One failure for all of its tests, no record, and not as many seconds as tests.
  expect(all).toContain('tests: 0 passed, 1 failed, 311 skipped');
  expect(existsSync(join(folder.path, 'out/records/debian-6.1'))).toBe(false);
  expect(seconds).toBeLessThan(60);
});
