import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { KernelBuild } from '../kernels.generated.js';
import { FakeArchive } from '../testing/fake-archive.js';
import {
  MAKEFILE,
  makeSourceDeb,
  sourceStanza,
  writeFakePrograms,
} from '../testing/fake-source.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { rejectionOf } from '../../base/testing/errors.js';
import type { BuildOptions } from './build-kernel.js';
import { prepareBuild } from './build-kernel.js';

const BUILD: KernelBuild = {
  id: 'build-5.10',
  package: 'linux-source-5.10',
  suites: ['bullseye'],
  fragments: ['base', 'little-endian', 'hv'],
  compiler: 'fake-linux-gnu',
  byteOrder: 'little',
  steps: 4,
};

interface Given extends AsyncDisposable {
  readonly archive: FakeArchive;
  readonly cache: string;
  readonly options: BuildOptions;
  readonly said: string[];
  readonly notices: string[];
  readonly go: string;
  /** Replaces the source package, before it was looked for. */
  readonly publish: (makefile: string) => Promise<void>;
}

/** `middle` is what the fake make does in its middle; GO in it is `given.go`. */
async function setUp(middle = 'true'): Promise<Given> {
  const folder = await temporaryFolder();
  const path = process.env['PATH'] ?? '';
  await writeFakePrograms(join(folder.path, 'bin'), ['fake-linux-gnu-gcc', 'flex', 'bison', 'bc']);
  process.env['PATH'] = `${join(folder.path, 'bin')}${delimiter}${path}`;
  const archive = new FakeArchive(folder.path);
  const said: string[] = [];
  const notices: string[] = [];
  const publish = async (makefile: string): Promise<void> => {
    const deb = await makeSourceDeb(folder.path, makefile);
    archive.suites['bullseye'] = sourceStanza(deb.name, deb.version, deb);
  };
  const go = join(folder.path, 'go');
  await publish(MAKEFILE.replace('$(MIDDLE)', middle.replace('GO', go)));
  return {
    ...{ archive, said, notices, publish, go },
    cache: join(folder.path, 'cache'),
    options: {
      ...{ source: archive, mirror: 'file:/srv/debian', cacheFolder: join(folder.path, 'cache') },
      onProgress: (text) => said.push(text),
      onNotice: (text) => notices.push(text),
    },
    [Symbol.asyncDispose]: async () => {
      process.env['PATH'] = path;
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('a kernel is built from its source package, and then taken from the cache', async () => {
  await using given = await setUp();
  const kernel = await prepareBuild(BUILD, given.options);
  expect(kernel).toMatchObject({
    id: 'build-5.10',
    byteOrder: 'little',
    package: { name: 'linux-source-5.10', version: '5.10.218-1' },
    channelModules: [],
    kvmModules: [],
  });
  const entry = join(kernel.image, '..');
  expect(basename(entry)).toMatch(/^5\.10-[0-9a-f]{16}$/);
  expect((await readdir(entry)).sort()).toEqual(['config', 'manifest.json', 'vmlinux']);
  expect(await readFile(join(entry, 'config'), 'utf8')).toContain('CONFIG_KVM_BOOK3S_64_HV=y');
  expect(given.said).toEqual([
    'source packages of bullseye: reading',
    expect.stringMatching(/^build-5\.10: fetching the source, 50 % of/),
    expect.stringMatching(/^build-5\.10: fetching the source, 100 % of/),
    'build-5.10: unpacking the source',
    'build-5.10: configuring',
    'build-5.10: compiling, 25 % (1 of about 4): scripts/fixdep',
    'build-5.10: compiling, 50 % (2 of about 4): kernel/fork.o',
    'build-5.10: compiling, 75 % (3 of about 4): vmlinux',
  ]);
  expect(given.notices).toEqual([
    expect.stringMatching(/^build-5\.10: built 5\.10\.218-1 in \d+ s; log: /),
  ]);
  const [log = ''] = await readdir(join(given.cache, 'build-logs'));
  expect(await readFile(join(given.cache, 'build-logs', log), 'utf8')).toMatch(
    /^\$ make ARCH=powerpc CROSS_COMPILE=fake-linux-gnu- (?:CC=ccache fake-linux-gnu-gcc )?O=.* allnoconfig\n\$ make .* vmlinux\n {2}HOSTCC/,
  );
  expect(await prepareBuild(BUILD, given.options)).toEqual(kernel);
  expect(given.archive.packagesFetched).toEqual(['linux-source-5.10']);
});

test('other fragments are another build of the same source, which is not fetched again', async () => {
  await using given = await setUp();
  const first = await prepareBuild(BUILD, given.options);
  const second = await prepareBuild(
    { ...BUILD, fragments: ['base', 'little-endian'] },
    given.options,
  );
  expect(second.image).not.toBe(first.image);
  expect(given.archive.packagesFetched).toHaveLength(1);
});

test('two runs at once build once', async () => {
  await using given = await setUp('sleep 0.3');
  const [a, b] = await Promise.all([
    prepareBuild(BUILD, given.options),
    prepareBuild(BUILD, given.options),
  ]);
  expect(a).toEqual(b);
  expect(given.notices).toHaveLength(1);
  expect(given.said).toContain('build-5.10: waiting for another run that prepares it');
});

test('an option that the configuration lacks ends the build, and nothing but the log stays', async () => {
  await using given = await setUp();
  await given.publish(MAKEFILE.replace('CONFIG_LOST', 'CONFIG_KVM_XICS'));
  await expect(prepareBuild(BUILD, given.options)).rejects.toMatchObject({
    code: 'KCONFIG_LOST',
    message: 'build-5.10: the configuration lacks what its fragments ask for: CONFIG_KVM_XICS=y',
  });
  expect(await readdir(join(given.cache, 'kernels'))).toEqual([]);
});

test('a compiler error is shown with the log', async () => {
  await using given = await setUp('echo "kernel/fork.c:3:1: error: expected ;"; exit 1');
  await expect(prepareBuild(BUILD, given.options)).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    message: 'build-5.10 could not be built: make ended with status 2',
    evidence: [
      'kernel/fork.c:3:1: error: expected ;',
      expect.stringMatching(/^make: \*\*\* .*vmlinux\] Error 1$/),
    ],
    logs: [expect.stringMatching(/build-logs\/5\.10-[0-9a-f]{16}\.log$/)],
  });
  expect(await readdir(join(given.cache, 'kernels'))).toEqual([]);
});

test('a disk that gets full is said to be full', async () => {
  await using given = await setUp('echo "fatal error: x.o: No space left on device"; exit 1');
  await expect(prepareBuild(BUILD, given.options)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: 'build-5.10 could not be built: the disk is full',
  });
});

test('a build that is interrupted leaves nothing running and no entry; the next one is clean', async () => {
  await using given = await setUp('test -e GO || sleep 30');
  const controller = new AbortController();
  const building = prepareBuild(BUILD, { ...given.options, signal: controller.signal });
  const failed = expect(building).rejects.toMatchObject({ code: 'ABORTED' });
  while (!given.said.some((text) => text.includes('fork.o'))) await delay(10);
  const startedAt = performance.now();
  controller.abort();
  await failed;
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(await readdir(join(given.cache, 'kernels'))).toEqual([]);
  await writeFile(given.go, '');
  const kernel = await prepareBuild(BUILD, given.options);
  expect(existsSync(kernel.image)).toBe(true);
});

test('a compiler that is missing is named with its Debian package, before anything is fetched', async () => {
  await using given = await setUp();
  const build = { ...BUILD, compiler: 'powerpc65-linux-gnu' };
  await expect(prepareBuild(build, given.options)).rejects.toMatchObject({
    code: 'BUILD_TOOLS_MISSING',
    message:
      "build-5.10 cannot be built here: there is no powerpc65-linux-gnu-gcc (Debian's gcc-powerpc65-linux-gnu)",
    hint: expect.stringContaining(
      'apt-get install --yes --no-install-recommends gcc-powerpc65-linux-gnu',
    ),
  });
  expect(given.archive.packagesFetched).toEqual([]);
});

test('a build that is of the other byte order than it says is refused', async () => {
  await using given = await setUp();
  await expect(prepareBuild({ ...BUILD, byteOrder: 'big' }, given.options)).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    message: 'build-5.10 was to be big endian, and is little endian',
  });
});

test('a build whose source has left the suites is taken from the cache, built of its source there, or refused', async () => {
  await using given = await setUp();
  const first = await prepareBuild(BUILD, given.options);
  given.archive.suites['bullseye'] = '';
  const again = { ...given.options, refresh: true };
  expect((await prepareBuild(BUILD, again)).sha256).toBe(first.sha256);
  const left =
    'build-5.10: linux-source-5.10 has left bullseye: 5.10.218-1 is taken from the cache while it is there';
  expect(given.notices.at(-1)).toBe(left);

  await rm(join(given.cache, 'kernels'), { recursive: true });
  expect((await prepareBuild(BUILD, again)).sha256).toBe(first.sha256);
  expect(given.archive.packagesFetched).toHaveLength(1);

  for (const name of ['kernels', 'sources']) {
    await rm(join(given.cache, name), { recursive: true });
  }
  await rm(join(dirname(given.cache), 'linux-source-5.10.deb'));
  expect(await rejectionOf(prepareBuild(BUILD, again))).toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message:
      'build-5.10 cannot be built: linux-source-5.10 has left its suites, and neither the kernel nor the source of 5.10.218-1 is in the cache',
  });
});
