import { existsSync } from 'node:fs';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';
import { repositoryPath } from '../../../harness/base/paths.js';

const CELL = 'debian-6.1/pseries-p9-nested';

/** A checkout of our own, built as this one is, with a file changed. */
async function gateOfCopy(
  root: string,
  path: string,
  change: (text: string) => string,
): Promise<{ exitCode: number | undefined; all: string }> {
  const parts = ['dist', 'harness', 'fixtures', 'reports', 'matrix', 'build/native', 'build/guest'];
  for (const part of [...parts, 'package.json', 'playwright.config.ts', 'tsconfig.json'])
    await cp(repositoryPath(part), join(root, part), { recursive: true });
  await symlink(repositoryPath('node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, path), change(await readFile(join(root, path), 'utf8')));
  const [kernel = '', platform = ''] = CELL.split('/');
  const { exitCode, all } = await execa(
    'node',
    [join(root, 'dist/bundle/test-command.js'), `--kernel=${kernel}`, `--platform=${platform}`],
    { cwd: root, env: { SPRMATRIX_PLAN: undefined, CI: '' }, all: true, reject: false },
  );
  return { exitCode, all };
}

for (const [what, change, why] of [
  [
    'lacks a row',
    (text: string) => text.replace(/^ *"DAR": .*\n/m, ''),
    /\.json: not a valid record: register DAR: missing; a record has all 310 registers/,
  ],
  [
    'has a wrong field',
    (text: string) => text.replace('"support":"exact"', '"support":"sound"'),
    /support/,
  ],
] as const) {
  test(`a baseline that ${what} fails its cell once, at once, and is no deviation`, async () => {
    await using folder = await temporaryFolder();
    const { exitCode, all } = await gateOfCopy(folder.path, `matrix/baseline/${CELL}.json`, change);
    // Once, not with each of the cell's tests.
    expect(all).toMatch(/tests: 0 passed, 1 failed, 311 skipped/);
    expect(exitCode, all).toBe(3);
    expect(all).toContain(`matrix/baseline/${CELL}.json`);
    expect(all).toMatch(why);
    // When it happens, with the test that failed, and as the last thing on the terminal.
    expect(all.match(/pseries-p9-nested\.json:/g)).toHaveLength(3);
    // No machine boots for it.
    expect(all).not.toContain('console.log');
    expect(existsSync(join(folder.path, 'out/records/debian-6.1'))).toBe(false);
  });
}
