import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { findProgram } from '../../../harness/base/find-program.js';
import { repositoryPath } from '../../../harness/base/paths.js';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';

/** What runs a command as a user who is not root. */
const AS_NOBODY =
  process.getuid?.() === 0
    ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    : ['env'];
const PROGRAM = repositoryPath('dist/bundle/cli.js');

test('a user who is not root is given one line to run, before anything is downloaded', async () => {
  const [become = '', ...user] = AS_NOBODY;
  const { failed } = await execa(become, [...user, 'test', '-r', PROGRAM], { reject: false });
  // Below /root, where a root without users has its checkout, another user reads nothing, this program neither.
  test.skip(failed, `${PROGRAM} is for root alone to read`);
  await using folder = await temporaryFolder();
  await chmod(folder.path, 0o777);
  // A machine with everything but what packs the initramfs and compiles the agent.
  const bin = join(folder.path, 'bin');
  await mkdir(bin);
  const there = [
    ...['qemu-system-ppc64', 'gcc', 'make', 'xz', 'zstd', 'bsdtar', 'setpriv', 'env', 'apt-get'],
    ...['dpkg-deb', 'sh', 'npm'],
  ];
  for (const name of there) {
    const path = await findProgram(name);
    if (path !== undefined) await symlink(path, join(bin, name));
  }
  const { exitCode, stdout, stderr } = await execa(
    become,
    [...user, process.execPath, PROGRAM, 'setup', '--mirror=http://127.0.0.1:9/debian/'],
    {
      env: {
        ...{ PATH: bin, HOME: folder.path, NO_COLOR: '1' },
        XDG_CACHE_HOME: join(folder.path, 'cache'),
      },
      ...{ extendEnv: false, reject: false, cwd: dirname(bin) },
    },
  );
  const packages = 'gcc-powerpc64le-linux-gnu cpio';
  expect([exitCode, stdout, stderr.split('\n')]).toEqual([
    ...[3, ''],
    [
      `sprmatrix: needed and not installed: ${packages.replace(' ', ', ')}`,
      `  hint: run: sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends ${packages}'`,
    ],
  ]);
  expect(await readdir(folder.path)).toEqual(['bin']);
});
