import { readdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runCli } from '../../../fixtures/cli-process.js';

const RUN = ['run', '--kernel=debian-6.1', '--platform=pseries-p9-nested'];

test('a first run whose mirror says nothing ends after five seconds and says so: exit 3', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const mirror = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/debian/`;
  const cache = test.info().outputPath('cache');
  try {
    const { exitCode, stdout, stderr } = await runCli(RUN, {
      ...{ XDG_CACHE_HOME: cache, SPRMATRIX_MIRROR: mirror },
    });
    expect([exitCode, stdout, stderr]).toEqual([
      ...[3, ''],
      `sprmatrix: Debian's packages cannot be read from ${mirror}: no answer within 5 s\n  hint: is there a network? say where Debian's packages are with --mirror=URL or SPRMATRIX_MIRROR=URL, or use your own kernel: --kernel=./vmlinux\n`,
    ]);
  } finally {
    silent.close();
  }
  expect(await readdir(join(cache, 'sprmatrix/catalogue'))).toEqual([]);
});
