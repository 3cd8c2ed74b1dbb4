import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../../../harness/base/paths.js';
import { readRecordFolder } from '../../../harness/record/record-files.js';
import { runAction } from './composite-action.js';

test('the action’s steps give cells, deviations, records and a report, and upload them', async () => {
  const workspace = test.info().outputPath('workspace');
  await mkdir(workspace, { recursive: true });
  const inputs = { kernel: 'debian-6.1', platform: 'pseries-p9-nested' };
  const options = '--register=LPCR --register=MMCR3';
  const { isFailed, outputs, used, summary, log } = await runAction(
    { ...inputs, options },
    workspace,
  );
  expect(isFailed, log).toBe(false);
  expect(outputs).toEqual({
    ...{ deviations: '0', cells: '1', 'cache-hit': 'false' },
    ...{ records: 'sprmatrix-out/records', report: 'sprmatrix-out/report.html' },
  });
  const [record] = await readRecordFolder(join(workspace, 'sprmatrix-out'));
  expect(record?.cell).toEqual({ kernel: 'debian-6.1', platform: 'pseries-p9-nested' });
  expect(await readFile(join(workspace, 'sprmatrix-out/report.html'), 'utf8')).toMatch(
    /^<!doctype html>/,
  );
  expect(summary).toContain('## sprmatrix: 1 cell, all as expected');
  expect(used.map(({ action }) => action)).toEqual(['actions/cache', 'actions/upload-artifact']);
  expect(used[0]?.with['key']).toBe('sprmatrix-Linux-c0ffee-debian-6.1');
  expect(used[1]?.with).toMatchObject({ name: 'sprmatrix', path: 'sprmatrix-out' });
});

test('a run that fails uploads its records all the same', async () => {
  const workspace = test.info().outputPath('workspace');
  await mkdir(workspace, { recursive: true });
  const { isFailed, used, log } = await runAction({ kernel: './no-such-vmlinux' }, workspace);
  expect(isFailed, log).toBe(true);
  expect(used.map(({ action }) => action)).toEqual(['actions/cache', 'actions/upload-artifact']);
});

/** A docker that notes how it is called, and has no image. */
const DOCKER = `#!/bin/sh
echo "$*" >> "$CALLS"
case "$1 $2" in "image inspect") exit 1 ;; esac
`;

test('where apt is not Debian’s, a container is made of Containerfile once, and the gate runs in it', async () => {
  const folder = test.info().outputPath('runner');
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'docker'), DOCKER);
  await chmod(join(bin, 'docker'), 0o755);
  await writeFile(join(folder, 'os-release'), 'ID=ubuntu\n');
  const calls = join(folder, 'calls');
  const run = async (): Promise<string[]> => {
    await writeFile(calls, '');
    await execa(repositoryPath('scripts/action'), ['--kernel=./vmlinux'], {
      cwd: folder,
      env: {
        ...{ PATH: `${bin}:${process.env['PATH'] ?? ''}`, CALLS: calls, OUT: 'mine' },
        ...{ OS_RELEASE: join(folder, 'os-release'), XDG_CACHE_HOME: join(folder, 'cache') },
        GITHUB_OUTPUT: join(folder, 'output'),
      },
    });
    return (await readFile(calls, 'utf8')).trimEnd().split('\n');
  };
  const first = await run();
  expect(first.map((call) => call.split(' ')[0])).toEqual(['image', 'build', 'save', 'run']);
  expect(first[1]).toContain(`--file ${repositoryPath('Containerfile')}`);
  const output = join(folder, 'output');
  expect(first[3]).toContain(`--volume ${output}:${output} sprmatrix:`);
  expect(first[3]).toMatch(/ \/opt\/sprmatrix\/scripts\/action --kernel=\.\/vmlinux$/);
  // The image is a file of the cache then: the next run loads it.
  expect((await run()).map((call) => call.split(' ')[0])).toEqual(['image', 'load', 'run']);
});
