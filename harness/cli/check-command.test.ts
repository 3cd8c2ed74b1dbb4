import { expect, test } from '@playwright/test';
import { ExitCode, SprmatrixError } from '../base/error.js';
import { checkCommand } from './check-command.js';

const printed: string[] = [];
const print = (text: string): void => {
  printed.push(text);
};
const failing = async (code: string): Promise<number> =>
  checkCommand(
    async () => Promise.reject(new SprmatrixError({ code, message: `it is ${code}` })),
    print,
  );

test('a verdict is good or bad, and a kernel that does not boot is skipped', async () => {
  const codes: [ExitCode, number][] = [
    [ExitCode.ok, 0],
    [ExitCode.deviation, 1],
    [ExitCode.harness, 125],
    [ExitCode.usage, 128],
  ];
  for (const [code, expected] of codes) {
    expect(await checkCommand(async () => Promise.resolve(code))).toBe(expected);
  }
});

test('a tree that does not build is skipped', async () => {
  expect(await failing('BUILD_FAILED')).toBe(125);
  expect(await failing('KCONFIG_LOST')).toBe(125);
  expect(await failing('TREE_WITHOUT_VMLINUX')).toBe(125);
  expect(printed).toContain('sprmatrix: it is BUILD_FAILED');
});

test('what is no fault of the tree ends the bisection', async () => {
  expect(await failing('UNKNOWN_REGISTER')).toBe(128);
  expect(await failing('QEMU_MISSING')).toBe(128);
  expect(await failing('DISK_FULL')).toBe(128);
  expect(await checkCommand(async () => Promise.reject(new TypeError('a bug')), print)).toBe(128);
});

test('Ctrl-C ends the bisection, whatever the run made of it', async () => {
  const interrupted = async (): Promise<ExitCode> => {
    process.emit('SIGINT');
    return Promise.resolve(ExitCode.harness);
  };
  expect(await checkCommand(interrupted)).toBe(128);
});
