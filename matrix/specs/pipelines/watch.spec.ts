import { appendFile, copyFile, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { testKernel } from '../faults/booted.js';
import { isQemu, qemusBelow, startCli, until } from '../../../fixtures/cli-process.js';

test('watch runs again when the kernel was replaced, and Ctrl-C ends it with its machines: exit 0', async () => {
  const project = test.info().outputPath('project');
  const at = (name: string): string => join(project, name);
  await mkdir(at('modules'), { recursive: true });
  const { image, channelModules, kvmModules } = await testKernel();
  await copyFile(image, at('vmlinux'));
  for (const path of [...channelModules, ...kvmModules])
    await copyFile(path, at(`modules/${basename(path)}`));
  const watch = startCli([
    ...['watch', `--kernel=${at('vmlinux')}`, `--modules=${at('modules')}`],
    ...['--platform=pseries-p9-nested', '--register=LPCR', `--out=${at('out')}`],
  ]);
  // A run that has a record is not over: a change before it is reported throws it away.
  const isTold = (run: string) => (): boolean => watch.printed().includes(`\n${run}: `);
  await until('the first run', isTold('run 1'));

  await copyFile(at('vmlinux'), at('new'));
  await appendFile(at('new'), Buffer.alloc(512)); // another file, and the same kernel
  await rename(at('new'), at('vmlinux'));
  await until('the second run', isTold('run 2'));

  await appendFile(at('vmlinux'), Buffer.alloc(512));
  await until('a QEMU', () => qemusBelow(watch.pid).length === 1, 20_000);
  const qemus = qemusBelow(watch.pid);
  process.kill(watch.pid, 'SIGINT');
  const { exitCode, stdout, stderr } = await watch.result;
  expect(exitCode, stderr).toBe(0);
  expect(qemus.some(isQemu)).toBe(false);
  expect(stdout, stderr).toMatch(
    /^┌[^]*\nrun 1: 1 cell recorded \(\d+\.\d s\)\nrun 2: no register changed \(\d+\.\d s\)\n$/,
  );
  expect(stderr).toContain('changed: running again\n');
});
