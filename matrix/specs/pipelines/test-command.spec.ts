import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { repositoryRoot } from '../../../harness/base/paths.js';
import { isQemu, qemusBelow, startTests, until } from '../../../fixtures/cli-process.js';

const CELL = ['--kernel=debian-6.1', '--platform=pseries-p9-nested'];

test("SIGTERM to npm test's process alone stops its machines at once: exit 3", async () => {
  const tests = startTests([...CELL, '--out', test.info().outputPath('out')]);
  await until('a QEMU', () => qemusBelow(tests.pid).length === 1);
  const qemus = qemusBelow(tests.pid);
  process.kill(tests.pid, 'SIGTERM');
  // A cell takes several seconds more when it is left to itself.
  await until('the end of QEMU', () => qemus.every((pid) => !isQemu(pid)), 1500);
  const { exitCode, stderr } = await tests.result;
  expect(exitCode).toBe(3);
  expect(stderr).toContain('sprmatrix: SIGTERM: stopping the machines');
});

test('a cell leaves a folder to look into: console, requests, QEMU, and a script that runs it again', async () => {
  const out = test.info().outputPath('out');
  const { exitCode, stdout } = await startTests([...CELL, '--register=LPCR', '--out', out]).result;
  expect(exitCode, stdout).toBe(0);
  const folder = `${out}/logs/debian-6.1/pseries-p9-nested`;
  expect((await readdir(folder)).sort()).toEqual([
    ...['command.txt', 'console.log', 'qemu.log', 'reproduce.sh', 'requests.log'],
  ]);
  const requests = await readFile(`${folder}/requests.log`, 'utf8');
  expect(requests).toMatch(/^\+0\.\d{3} KVM_OPEN: /);
  expect(requests).toContain('\n  put LPCR 0xffffffff');
  // A guest is migrated with all its registers; a pattern is put to the one alone.
  expect(requests).not.toContain('\n  put DSCR 0xffffffff');
  expect(await readFile(`${folder}/command.txt`, 'utf8')).toContain('-machine pseries,');

  const { exitCode: again, all } = await execa(
    `${folder}/reproduce.sh`,
    [repositoryRoot, '--register=LPCR', '--out', out],
    { cwd: '/', all: true, reject: false },
  );
  expect(again, all).toBe(0);
  expect(all).toContain('1 of 1 cell recorded, 0 skipped, 0 deviations, 0 failures');
});
