import { expect, test } from '@playwright/test';
import { runCli } from '../../../fixtures/cli-process.js';

test('MMCR3 works since 6.12, VSCR is as it was', async () => {
  const { exitCode, stdout, stderr } = await runCli([
    ...['since', '--register=MMCR3,VSCR', '--kernel=debian-6.1,debian-6.12'],
    ...['--out', test.info().outputPath('out')],
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(
    stdout
      .replaceAll(/ \([0-9.]+\)/g, '')
      .split('\n')
      .filter(Boolean),
  ).toEqual([
    'VSCR on pseries-p9-nested: exact in debian-6.1 and in debian-6.12; none between was asked',
    'MMCR3 on pseries-p9-nested: exact since debian-6.12, lost in debian-6.1',
  ]);
});

test('what cannot be bisected is said before anything is booted', async () => {
  const said = async (...args: string[]): Promise<readonly [number | undefined, string]> => {
    const { exitCode, stderr } = await runCli(['since', ...args]);
    return [exitCode, stderr.split('\n').find((line) => line.startsWith('sprmatrix:')) ?? stderr];
  };
  expect(await said()).toEqual([
    ...[2, 'sprmatrix: since needs --register: what is asked of the kernels'],
  ]);
  expect(
    await said('--register=MMCR3', '--kernel=debian-6.1', '--platform=powernv8,powernv9'),
  ).toEqual([
    2,
    'sprmatrix: since compares kernels on one platform, and 2 are named: powernv8, powernv9',
  ]);
});
