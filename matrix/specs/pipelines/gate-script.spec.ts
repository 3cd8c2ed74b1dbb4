import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../../../harness/base/paths.js';
import { testKernel } from '../faults/booted.js';

test("scripts/gate gates another project's kernel from that project's folder", async () => {
  const project = test.info().outputPath('project');
  await mkdir(join(project, 'modules'), { recursive: true });
  const { image, channelModules, kvmModules } = await testKernel();
  await copyFile(image, join(project, 'vmlinux'));
  for (const path of [...channelModules, ...kvmModules])
    await copyFile(path, join(project, 'modules', basename(path)));
  const { exitCode, all } = await execa(
    repositoryPath('scripts/gate'),
    [
      ...['--kernel=./vmlinux', '--modules=./modules', '--platform=pseries-p9-nested'],
      ...['--register=LPCR', '--out=sprmatrix-out'],
    ],
    {
      cwd: project,
      env: { SPRMATRIX_PLAN: undefined, SPRMATRIX_TEST_RESULTS: 'build/nested-test-results' },
      all: true,
      reject: false,
    },
  );
  expect(exitCode, all).toBe(0);
  expect(all).toContain('tests: 2 passed');
});
