import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sha256 } from '../base/files.js';
import type { CacheEntryOptions } from './cache-entry.js';
import { ensureCacheEntry } from './cache-entry.js';
import type { KernelManifest } from './kernel-manifest.generated.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const IMAGE = 'an image of some length';
const IMAGE_FILE = { path: 'vmlinux', sha256: sha256(IMAGE), byteOrder: 'little' } as const;
const KVM_FILE = { path: 'modules/kvm.ko', sha256: sha256('kvm') };
const MANIFEST: KernelManifest = {
  format: 1,
  image: IMAGE_FILE,
  package: { name: 'linux-image', version: '1' },
  channelModules: [],
  kvmModules: [KVM_FILE],
};

/** What an entry says of itself: of each file also its checksum, XXH64. */
const WHOLE: KernelManifest = {
  ...MANIFEST,
  image: { ...IMAGE_FILE, checksum: 'f41246045d8b6fef' },
  kvmModules: [{ ...KVM_FILE, checksum: '3560ba90ce58b562' }],
};

interface Given extends AsyncDisposable {
  readonly parent: string;
  readonly entry: string;
  readonly notices: string[];
  builds: number;
  readonly ensure: (options?: Partial<CacheEntryOptions>) => Promise<KernelManifest>;
}

async function setUp(): Promise<Given> {
  const folder = await temporaryFolder();
  const entry = join(folder.path, 'debian-6.1-0123');
  const given: Given = {
    parent: folder.path,
    entry,
    notices: [],
    builds: 0,
    ensure: async (options) =>
      ensureCacheEntry(entry, {
        what: 'debian-6.1',
        onNotice: (message) => given.notices.push(message),
        build: async (staging) => {
          given.builds += 1;
          await mkdir(join(staging, 'modules'));
          await writeFile(join(staging, 'vmlinux'), IMAGE);
          await writeFile(join(staging, 'modules/kvm.ko'), 'kvm');
          return MANIFEST;
        },
        ...options,
      }),
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
  return given;
}

test('an entry is built once and then taken', async () => {
  await using given = await setUp();
  expect(await given.ensure()).toEqual(WHOLE);
  expect(await given.ensure()).toEqual(WHOLE);
  expect(given.builds).toBe(1);
  expect(given.notices).toEqual([]);
  expect(await readdir(given.parent)).toEqual(['debian-6.1-0123']);
});

test('an entry that was made before there were checksums is checked by its hashes', async () => {
  await using given = await setUp();
  await given.ensure();
  await writeFile(join(given.entry, 'manifest.json'), JSON.stringify(MANIFEST));
  expect(await given.ensure()).toEqual(MANIFEST);
  await writeFile(join(given.entry, 'modules/kvm.ko'), 'kvn');
  expect(await given.ensure()).toEqual(WHOLE);
  expect(given.notices).toEqual([
    'debian-6.1: its cache entry is damaged (modules/kvm.ko is not what was written) and is made again',
  ]);
});

for (const [what, damage, why] of [
  [
    'an image that is cut in half',
    async (entry: string) => truncate(join(entry, 'vmlinux'), Math.floor(IMAGE.length / 2)),
    'vmlinux is not what was written',
  ],
  [
    'a module with one other byte',
    async (entry: string) => writeFile(join(entry, 'modules/kvm.ko'), 'kvn'),
    'modules/kvm.ko is not what was written',
  ],
  [
    'a module that is missing',
    async (entry: string) => rm(join(entry, 'modules/kvm.ko')),
    'kvm.ko cannot be read',
  ],
  [
    'a manifest that is cut in half',
    async (entry: string) => truncate(join(entry, 'manifest.json'), 100),
    'manifest.json is cut off',
  ],
  [
    'a manifest that breaks the schema',
    async (entry: string) => writeFile(join(entry, 'manifest.json'), '{"format":1}'),
    'manifest.json does not follow its schema',
  ],
  [
    'a manifest that is missing',
    async (entry: string) => rm(join(entry, 'manifest.json')),
    'manifest.json cannot be read',
  ],
] as const) {
  test(`an entry with ${what} is found and made again, with a notice`, async () => {
    await using given = await setUp();
    await given.ensure();
    await damage(given.entry);
    expect(await given.ensure()).toEqual(WHOLE);
    expect(given.builds).toBe(2);
    expect(given.notices).toEqual([
      `debian-6.1: its cache entry is damaged (${why}) and is made again`,
    ]);
    expect(await readFile(join(given.entry, 'vmlinux'), 'utf8')).toBe(IMAGE);
  });
}

/** A promise and what fulfils it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A build that ends when it is told to. */
function heldBuild(given: Given): {
  options: Partial<CacheEntryOptions>;
  begun: Promise<void>;
  end: () => void;
} {
  const begun = gate();
  const ended = gate();
  const build = async (staging: string): Promise<KernelManifest> => {
    given.builds += 1;
    begun.open();
    await ended.opened;
    await mkdir(join(staging, 'modules'));
    await writeFile(join(staging, 'vmlinux'), IMAGE);
    await writeFile(join(staging, 'modules/kvm.ko'), 'kvm');
    return MANIFEST;
  };
  return { options: { build }, begun: begun.opened, end: ended.open };
}

test('two runs at once build an entry once, and the one that waits says so', async () => {
  await using given = await setUp();
  const held = heldBuild(given);
  const first = given.ensure(held.options);
  await held.begun;
  const said: string[] = [];
  const second = given.ensure({
    onProgress: (text) => {
      said.push(text);
      held.end();
    },
  });
  expect(await Promise.all([first, second])).toEqual([WHOLE, WHOLE]);
  expect(given.builds).toBe(1);
  expect(said).toEqual(['debian-6.1: waiting for another run that prepares it']);
});

test('a build that fails leaves nothing', async () => {
  await using given = await setUp();
  const build = async (staging: string): Promise<KernelManifest> => {
    await writeFile(join(staging, 'vmlinux'), 'half');
    throw new Error('disk full');
  };
  await expect(given.ensure({ build })).rejects.toThrow('disk full');
  expect(await readdir(given.parent)).toEqual([]);
});

test('a build that is interrupted leaves nothing', async () => {
  await using given = await setUp();
  const stop = new AbortController();
  const build = async (staging: string): Promise<KernelManifest> => {
    await writeFile(join(staging, 'vmlinux'), IMAGE);
    stop.abort();
    return MANIFEST;
  };
  await expect(given.ensure({ build, signal: stop.signal })).rejects.toMatchObject({
    code: 'ABORTED',
    message: 'debian-6.1: interrupted',
  });
  expect(await readdir(given.parent)).toEqual([]);
});

test('what a killed run left is removed', async () => {
  await using given = await setUp();
  const left = join(given.parent, '.debian-6.1-0123.part');
  await mkdir(left);
  await writeFile(join(left, 'vmlinux'), 'half');
  expect(await given.ensure()).toEqual(WHOLE);
  await expect(stat(left)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a run that waits for another can be interrupted', async () => {
  await using given = await setUp();
  const held = heldBuild(given);
  const first = given.ensure(held.options);
  await held.begun;
  const stop = new AbortController();
  const second = given.ensure({
    signal: stop.signal,
    onProgress: () => {
      stop.abort();
    },
  });
  await expect(second).rejects.toMatchObject({ code: 'ABORTED' });
  held.end();
  expect(await first).toEqual(WHOLE);
});
