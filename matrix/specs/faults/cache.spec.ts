import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../../../harness/base/paths.js';
import { hasRecord, runCli } from '../../../fixtures/cli-process.js';
import { onTerminal } from '../../../fixtures/on-terminal.js';
import { onTmpfs } from '../../../fixtures/small-disk.js';

const CELL = ['run', '--kernel=debian-6.1', '--platform=powernv9', '--register=LPCR'];

test('a full cache disk is reported as that: exit 3, no list is kept, and doctor misses the room', async () => {
  await onTmpfs(512 * 1024, async (disk) => {
    const env = { XDG_CACHE_HOME: disk };
    const { exitCode, stderr } = await runCli([...CELL, `--out=${disk}/out`], env);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /none of Debian's suites \(.*\) gave a kernel\n {2}cause: .*No space left/,
    );
    expect(stderr).toContain('hint: make room or permit writing there, or name another folder');
    expect(await readdir(join(disk, 'sprmatrix/catalogue'))).toEqual([]);
    const doctor = await runCli(['doctor'], env);
    expect(doctor.exitCode).toBe(3);
    expect(doctor.stdout).toMatch(
      /^MISSING cache: .*, 0 MiB free \(a first run takes up to 1500\)$/m,
    );
  });
});

test('a cache that is read-only is reported with path and errno: exit 3', async () => {
  await onTmpfs(1024 * 1024, async (disk) => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const env = { HOME: disk, XDG_CACHE_HOME: '' };
    const { exitCode, stderr } = await runCli(CELL, env);
    expect([exitCode, stderr.split('\n').slice(0, 2)]).toEqual([
      3,
      [
        `sprmatrix: the cache ${disk}/.cache/sprmatrix cannot be written: EROFS (${disk})`,
        expect.stringContaining('  hint: make room or permit writing there'),
      ],
    ]);
  });
});

test('with umask 077, CI=true and a terminal that is dumb, a run into a file is plain lines', async () => {
  const out = test.info().outputPath('out');
  const { exitCode, all } = await execa(
    'sh',
    [
      ...['-c', 'umask 077; exec "$@"', 'sh', process.execPath],
      ...[repositoryPath('dist/bundle/cli.js'), ...CELL, '--cold', `--out=${out}`],
    ],
    { env: { CI: 'true', TERM: 'dumb', FORCE_COLOR: undefined }, all: true, reject: false },
  );
  expect(exitCode, all).toBe(0);
  // No colours, no movements of the cursor, no line that is drawn over.
  expect(all).not.toContain('\x1b');
  expect(all).not.toContain('\r');
  expect(hasRecord(out, 'debian-6.1/powernv9')).toBe(true);
});

for (const [what, columns, env] of [
  ['of no columns', 0, {}],
  ['that is dumb', 80, { TERM: 'dumb' }],
] as const) {
  test(`a terminal ${what} gets whole lines: no movement of the cursor`, async () => {
    const out = test.info().outputPath('out');
    const { exitCode, text } = await onTerminal(columns, [...CELL, `--out=${out}`], env);
    expect(exitCode, text).toBe(0);
    expect(text).toContain('recorded in');
    const [, ...controls] = text.split('\x1b');
    // Colours end with an m.
    expect(controls.filter((it) => !/^\[[\d;]*m/.test(it))).toEqual([]);
    expect(text).not.toContain('\r');
  });
}

test('a cache on another file system than the temporary files is as good', async () => {
  await onTmpfs(4 * 1024 ** 3, async (disk) => {
    // What was downloaded is served, what is made here is made there.
    const cache = join(disk, 'sprmatrix');
    const own = join(
      process.env['XDG_CACHE_HOME'] ?? `${process.env['HOME'] ?? ''}/.cache`,
      'sprmatrix',
    );
    await mkdir(join(cache, 'kernels'), { recursive: true });
    const kernels = (await readdir(join(own, 'kernels'))).filter((it) =>
      it.startsWith('debian-6.1-'),
    );
    for (const name of ['catalogue', 'qemu', ...kernels.map((it) => `kernels/${it}`)])
      execFileSync('cp', ['-a', join(own, name), join(cache, name)]);
    const out = test.info().outputPath('out');
    const { exitCode, stderr } = await runCli([...CELL, `--out=${out}`], { XDG_CACHE_HOME: disk });
    expect(exitCode, stderr).toBe(0);
    expect(await readdir(join(cache, 'snapshots'))).toHaveLength(1);
  });
});
