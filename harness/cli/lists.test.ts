import { expect, test } from '@playwright/test';
import { runCli } from '../../fixtures/cli-process.js';
import { listFaults } from '../../fixtures/printed-list.js';
import { EXAMPLES } from './options/examples.js';

for (const words of [
  'list kernels',
  'list platforms',
  'list registers',
  'list cells',
  'kernels list',
  'doctor',
]) {
  test(`sprmatrix ${words} --json follows lists.schema.json`, async () => {
    const { stdout } = await runCli([...words.split(' '), '--json']);
    const list = JSON.parse(stdout) as unknown[];
    expect(listFaults(words, list)).toEqual([]);
    expect(list.length).toBeGreaterThan(2);
  });
}

for (const [name, words] of [
  ['cache list', 'cache list --json'],
  ['cache list KIND', 'cache list kernels --json'],
  ['plan --format=json', 'plan --kernel=debian-6.1 --shards=2 --format=json'],
  ['diff', 'diff debian-6.1 debian-6.12 --json'],
] as const) {
  test(`what sprmatrix ${words} prints follows lists.schema.json`, async () => {
    const { stdout } = await runCli(words.split(' '));
    expect(listFaults(name, JSON.parse(stdout))).toEqual([]);
  });
}

test('every command that a person sees has an example in its help', async () => {
  const { stdout } = await runCli(['--help']);
  const names = [...stdout.matchAll(/^ {2}(\w+)[ |]/gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(15);
  const without = names.filter((name) => name !== 'help' && EXAMPLES[name] === undefined);
  expect(without).toEqual([]);
  expect((await runCli(['show', '--help'])).stdout).toContain(
    '\nExamples:\n  $ sprmatrix show debian-6.1 powernv9 LPCR\n',
  );
});

test('what is wrong has one prefix, and an unknown option or command has its nearest', async () => {
  expect((await runCli(['run', '--kernl=6.1'])).stderr).toBe(
    "sprmatrix: unknown option '--kernl=6.1'\n(Did you mean --kernel?)\n",
  );
  expect((await runCli(['run', '--volume=9'])).stderr).toBe(
    "sprmatrix: unknown option '--volume=9'\n",
  );
  expect((await runCli(['shwo'])).stderr).toBe(
    "sprmatrix: unknown command 'shwo'\n(Did you mean show?)\n",
  );
  expect((await runCli(['show'])).stderr).toBe("sprmatrix: missing required argument 'kernel'\n");
});
