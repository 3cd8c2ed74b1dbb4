import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';
import { repositoryPath } from '../../../harness/base/paths.js';
import { testKernel, testQemu } from '../faults/booted.js';

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

test('a line that shows a failure again works from the folder that the gate was called in', async () => {
  await using folder = await temporaryFolder();
  const project = folder.path;
  const { image, channelModules, kvmModules } = await testKernel();
  await mkdir(join(project, 'modules'), { recursive: true });
  await copyFile(image, join(project, 'vmlinux'));
  for (const path of [...channelModules, ...kvmModules])
    await copyFile(path, join(project, 'modules', basename(path)));
  const crash = ['#!/bin/sh', 'case "$*" in', '*-kernel*) kill -SEGV $$ ;;', 'esac'];
  const { path } = await testQemu('pseries-p9-nested');
  const qemu = [...crash, `exec "${path}" "$@"`, ''].join('\n');
  await writeFile(join(project, 'qemu'), qemu, { mode: 0o755 });
  const env = { SPRMATRIX_PLAN: undefined, SPRMATRIX_TEST_RESULTS: 'build/nested-test-results' };
  const { exitCode, all } = await execa(
    repositoryPath('scripts/gate'),
    [
      ...['--kernel=./vmlinux', '--modules=./modules', '--platform=pseries-p9-nested'],
      ...[
        '--register=LPCR',
        '--register=MMCR*',
        '--qemu=./qemu',
        '--cold',
        '--no-calibration',
        '--out=mine',
      ],
    ],
    { cwd: project, env, all: true, reject: false },
  );
  expect(exitCode, all).toBe(3);
  // A machine that does not boot fails its cell once: the registers are not tested each.
  expect(all).toMatch(/tests: 0 passed, 1 failed, \d\d? skipped/);
  const again = [
    ...[repositoryPath('bin/sprmatrix.cjs'), 'run', `--kernel=${project}/vmlinux`],
    ...[`--modules=${project}/modules`, '--platform=pseries-p9-nested', '--register=LPCR'],
    ...[
      "'--register=MMCR*'",
      `--qemu=${project}/qemu`,
      '--cold',
      '--no-calibration',
      `--out=${project}/mine`,
    ],
  ].join(' ');
  expect(all).toContain(`again: ${again}`);
  const once = await execa('sh', ['-c', again], { cwd: project, env, all: true, reject: false });
  expect(once.exitCode, once.all).toBe(3);
  expect(once.all).toContain('QEMU ended by SIGSEGV in the middle of its work');
});
