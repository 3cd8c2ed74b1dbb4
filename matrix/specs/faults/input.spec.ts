import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { testKernel } from './booted.js';
import { runCli } from '../../../fixtures/cli-process.js';

/** Runs with some arguments on one platform, and returns the exit code and standard error. */
async function run(...args: string[]): Promise<{ exitCode: number | undefined; stderr: string }> {
  const out = test.info().outputPath('out');
  return runCli(['run', '--platform=pseries-p9-nested', '--out', out, ...args]);
}

test('a file that is no kernel is reported with what it begins with', async () => {
  const path = test.info().outputPath('vmlinux');
  await writeFile(path, '0707\n');
  const { exitCode, stderr } = await run(`--kernel=${path}`);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`sprmatrix: ${path} is not a kernel: it is a text file\n`);
});

test('a program of this machine is reported with its architecture', async () => {
  test.skip(process.arch !== 'x64', 'the message names x86-64');
  const { exitCode, stderr } = await run('--kernel=/bin/true');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('/bin/true is built for x86-64, not for PowerPC (64 bit)\n');
});

test('a kernel whose modules are nowhere is told which it lacks, and how to name them', async () => {
  const { image } = await testKernel();
  const { exitCode, stderr } = await run(`--kernel=${image}`);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    `${image} has no KVM: it is not built in, and there is no module kvm_hv or kvm_pr\n  hint: CONFIG_KVM_BOOK3S_64_HV is what it needs (fixtures/kconfig/hv.config); when it is a module, say where with --modules=DIR\n`,
  );
});

test('a kernel without KVM is told so', async () => {
  const { image, channelModules } = await testKernel();
  const modules = test.info().outputPath('modules');
  await mkdir(modules, { recursive: true });
  for (const path of channelModules) await copyFile(path, join(modules, basename(path)));
  const { exitCode, stderr } = await run(`--kernel=${image}`, `--modules=${modules}`);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/has no KVM/);
});

test('the same kernel with its modules is recorded', async () => {
  const { image, channelModules, kvmModules } = await testKernel();
  const modules = test.info().outputPath('modules');
  await mkdir(modules, { recursive: true });
  for (const path of [...channelModules, ...kvmModules]) {
    await copyFile(path, join(modules, basename(path)));
  }
  const { exitCode, stderr } = await run(`--kernel=${image}`, `--modules=${modules}`);
  expect(exitCode, stderr).toBe(0);
});

for (const [option, message] of [
  ['--kernel=6.99', 'no kernel matches "6.99" (nearest first: build-6.1, '],
  ['--platform=powernv99', 'no platform matches "powernv99" (nearest first: powernv9, '],
  ['--register=LPCX', 'no register matches "LPCX" (nearest first: LPCR, '],
] as const) {
  test(`an unknown name is reported with the nearest ones: ${option}`, async () => {
    const { exitCode, stderr } = await run(option);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`sprmatrix: ${message}`);
  });
}
