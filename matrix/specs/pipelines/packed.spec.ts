import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';
import { repositoryPath, repositoryRoot } from '../../../harness/base/paths.js';

test('installed as a dependency from npm pack, without development packages, it is set up and gates a cell', async () => {
  await using folder = await temporaryFolder();
  const project = folder.path;
  await writeFile(join(project, 'package.json'), '{ "name": "theirs", "private": true }\n');
  const env = {
    ...{ NODE_ENV: 'production', SPRMATRIX_PLAN: undefined, SPRMATRIX_TEST_RESULTS: undefined },
    // What the npm that runs these tests says of them.
    npm_config_local_prefix: undefined,
    npm_package_json: undefined,
    INIT_CWD: undefined,
  };
  const run = async (command: string, ...args: string[]): Promise<string> => {
    const { exitCode, all } = await execa(command, args, {
      ...{ cwd: project, env, all: true, reject: false },
    });
    expect(exitCode, all).toBe(0);
    return all;
  };
  const pack = ['pack', '--silent', '--pack-destination', project];
  const { stdout } = await execa('npm', pack, { cwd: repositoryRoot });
  const archive = stdout.trim().split('\n').at(-1) ?? '';
  await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${archive}`);
  expect(await run('npx', 'sprmatrix', 'list', 'platforms')).toContain('pseries-p9-nested');
  expect(await run('npx', 'sprmatrix', 'setup')).toContain('sprmatrix is set up');
  const cell = ['--kernel=debian-6.1', '--platform=powernv9', '--register=LPCR'];
  expect(await run('npx', 'sprmatrix', 'test', ...cell)).toContain('tests: 2 passed');
});

test('a checkout without development packages says what builds it, and is set up once it is built', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['package.json', 'scripts']) {
    await cp(repositoryPath(name), join(folder.path, name), { recursive: true });
  }
  const setUp = async (): Promise<readonly [number | undefined, string, string]> => {
    const { exitCode, stdout, stderr } = await execa('npm', ['run', '--silent', 'setup'], {
      ...{ cwd: folder.path, reject: false },
    });
    return [exitCode, stdout, stderr];
  };
  expect(await setUp()).toEqual([
    ...[3, ''],
    'sprmatrix is built by its development dependencies, which were left out (NODE_ENV=production or --omit=dev): run `npm ci --include=dev`; `npm prune --omit=dev` takes them away once it is built',
  ]);
  // What `npm prune --omit=dev` leaves of a build: here the command that would set it up.
  await mkdir(join(folder.path, 'dist/bundle'), { recursive: true });
  await writeFile(join(folder.path, 'dist/bundle/cli.js'), "console.log('built before')\n");
  expect(await setUp()).toEqual([0, 'built before', '']);
});
