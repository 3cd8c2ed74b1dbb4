import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { unknownName } from '../base/nearest.js';
import { repositoryPath } from '../base/paths.js';
import { platformNames } from '../machine/platforms.js';
import { runCli } from '../../fixtures/cli-process.js';

const NO_POWERNV7 = `sprmatrix: ${unknownName('platform', 'powernv7', platformNames()).describe()}\n`;

/** Command lines that are wrong, and the whole of what is said about them. */
const USAGE_ERRORS: readonly [args: readonly string[], stderr: string][] = [
  [['run', '--colour'], "sprmatrix: unknown option '--colour'\n(Did you mean --cold?)\n"],
  [['walk'], "sprmatrix: unknown command 'walk'\n"],
  [
    ['list', 'cpus'],
    "sprmatrix: command-argument value 'cpus' is invalid for argument 'what'. Allowed choices are kernels, platforms, registers, cells.\n",
  ],
  [['show', 'debian-6.1'], "sprmatrix: missing required argument 'platform'\n"],
  [
    ['run', '--jobs=0'],
    `sprmatrix: option '--jobs <n>' argument '0' is invalid. "0" is no whole number above 0.\n`,
  ],
  [['run', '--platform=powernv7,powernv9'], NO_POWERNV7],
  [
    ['run', '--kernel='],
    'sprmatrix: --kernel="" names no kernel\n  hint: leave out --kernel to have the default\n',
  ],
  [
    ['run', '--update-baseline', '--register=LPCR'],
    'sprmatrix: --update-baseline writes every register, but --register=LPCR asks for some\n  hint: leave out one of the two\n',
  ],
  [
    ['watch', '--kernel=debian-6.1'],
    'sprmatrix: --kernel=debian-6.1 is not a file, so it does not change\n  hint: name the file of your kernel, e.g. --kernel=./vmlinux, or the tree that it is built in\n',
  ],
  [['watch', '--kernel=./vmlinux', '--platform=powernv7'], NO_POWERNV7],
  [
    ['cache', 'prune', '--older-than=30'],
    `sprmatrix: option '--older-than <age>' argument '30' is invalid. "30" is no age such as 12h, 30d or 1y.\n`,
  ],
  [
    ['cache', 'prune', '--max-size=20'],
    `sprmatrix: option '--max-size <size>' argument '20' is invalid. "20" is no size such as 500M, 20G or 20GiB.\n`,
  ],
  [
    ['cache', 'list', 'snapshot'],
    'sprmatrix: no cache kind matches "snapshot" (nearest first: snapshots, apt, images, sources, trees, and 9 more)\n  hint: did you mean snapshots?\n',
  ],
  [
    ['watch', '--kernel=./vmlinux', '--qemu=a', '--qemu=b'],
    'sprmatrix: watch compares a run with the one before, but --qemu names 2\n  hint: leave out all but one\n',
  ],
];
for (const [args, expected] of USAGE_ERRORS) {
  test(`sprmatrix ${args.join(' ')} is a usage error: exit 2`, async () => {
    const { exitCode, stdout, stderr } = await runCli(args);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: expected });
  });
}

test('--version tells the version: exit 0', async () => {
  const { exitCode, stdout } = await runCli(['--version']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '0.1.0\n' });
});

test('an unknown register is a usage error that tells the nearest names: exit 2', async () => {
  const { exitCode, stderr } = await runCli(['run', '--register=LPCRR']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^sprmatrix: no register matches "LPCRR" \(nearest first: LPCR, /);
});

test('asking for help is no error, and tells the exit codes: exit 0', async () => {
  const { exitCode, stdout } = await runCli(['--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    '\nExit codes: 0 all as expected, 1 a deviation, 2 usage, 3 the harness or the machine failed.\n',
  );
});

test('lists are tables without colour under NO_COLOR, and arrays with --json', async () => {
  const [table, json] = await Promise.all([
    runCli(['list', 'platforms'], { NO_COLOR: '1', FORCE_COLOR: '1' }),
    runCli(['list', 'platforms', '--json']),
  ]);
  expect(table.stdout).not.toContain('\x1b');
  expect(table.stdout).toMatch(/│ powernv8 +│ POWER8 bare metal \(OPAL\), KVM-HV +│/);
  expect(JSON.parse(json.stdout)).toContainEqual({
    id: 'powernv9',
    title: 'POWER9 bare metal (OPAL), KVM-HV',
    flavour: 'HV',
    machine: 'powernv9',
    cpu: 'POWER9',
    qemu: '>= 7.2',
    isDefault: true,
  });
});

/** `npm test` after its setup. */
async function testCommand(...args: string[]): Promise<unknown> {
  const { exitCode, stderr } = await execa(
    'node',
    [repositoryPath('dist/bundle/test-command.js'), ...args],
    { reject: false, stripFinalNewline: false, env: { NO_COLOR: '1', FORCE_COLOR: undefined } },
  );
  return { exitCode, stderr };
}

test('npm test tells usage errors as the other commands do: exit 2', async () => {
  expect(await testCommand('--kernel')).toEqual({
    exitCode: 2,
    stderr: "sprmatrix: option '--kernel <selector>' argument missing\n",
  });
  expect(await testCommand('--platform=powernv7')).toEqual({
    exitCode: 2,
    stderr: NO_POWERNV7,
  });
});

test('a reader that goes away before the end is no failure', async () => {
  const { exitCode, stderr } = await execa(
    'bash',
    ['-o', 'pipefail', '-c', 'node dist/bundle/cli.js --help | true'],
    { cwd: repositoryPath(), reject: false },
  );
  expect([exitCode, stderr]).toEqual([0, '']);
});
