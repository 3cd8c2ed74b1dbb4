import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { cacheRoot } from '../../../harness/base/paths.js';
import { prepareBuild } from '../../../harness/kernels/builds/build-kernel.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';
import { kernelSources } from '../../../harness/kernels/kernel-sources.js';

await skipWithoutBuildTools();
// All of a kernel is compiled, perhaps twice, on two busy cores.
test.setTimeout(3_600_000);

test('a kernel built again in another folder, with nothing compiled before, is the same image', async () => {
  const build = kernelSources().builds.find(({ id }) => id === 'build-5.10');
  if (build === undefined) throw new Error('no build is build-5.10');
  const first = await prepareBuild(build);
  const cacheFolder = test.info().outputPath('a-folder-of-another-length');
  await mkdir(cacheFolder, { recursive: true });
  // What was fetched is the same; what was compiled is not there.
  for (const name of ['sources', 'apt-source']) {
    await symlink(join(cacheRoot(), name), join(cacheFolder, name));
  }
  process.env['CCACHE_DISABLE'] = '1';
  try {
    const second = await prepareBuild(build, { cacheFolder });
    expect(second.image).not.toBe(first.image);
    expect(second.sha256).toBe(first.sha256);
  } finally {
    delete process.env['CCACHE_DISABLE'];
  }
});
