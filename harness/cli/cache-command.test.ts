import { access, mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { withLock } from '../base/lock.js';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { clearCache, listCached, pruneCache } from './cache-command.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const SHA256 = '0123456789abcdef'.repeat(4);

/** A cache of a snapshot, an initramfs, and what a killed run left, last used some days ago. */
async function setUp(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const files: [name: string, text: string, days: number][] = [
    ['snapshots/0123456789abcdef/manifest.json', '{"name":"debian-6.12/powernv9"}', 40],
    [`initramfs/fedcba9876543210-${SHA256}.cpio`, 'init', 2],
    ['kernels/.6.1-0123456789abcdef.part/vmlinux', 'ELF', 3],
  ];
  for (const [name, text, days] of files) {
    const path = join(folder.path, name);
    const usedAt = new Date(Date.now() - days * DAY_MS);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flush: true });
    for (const used of [path, dirname(path)]) await utimes(used, usedAt, usedAt);
  }
  return folder;
}

/** Without the sizes, which are the file system's, and a table's columns, which follow them. */
function withoutSizes(text: string): string {
  return text.replace(/\d+(?:\.\d)? k?B/g, 'SIZE').replace(/ +(?=│)/g, ' ');
}

test('the cache is listed by kind, with what is unfinished, and their sum', async () => {
  await using cache = await setUp();
  const lines = withoutSizes(await listCached(undefined, { json: false }, cache.path)).split('\n');
  expect(lines).toContain('│ kind │ entries │ size │ oldest use │ newest use │');
  expect(lines).toContain('│ snapshots │ 1 │ SIZE │ 40d ago │ 40d ago │');
  expect(lines).toContain('│ kernels │ 0 │ SIZE │ │ │');
  expect(lines).toContain('│ unfinished │ 1 │ SIZE │ 3d ago │ 3d ago │');
  expect(lines).toContain('│ total │ 3 │ SIZE │ 40d ago │ 2d ago │');
  expect(lines.at(-1)).toBe(`in ${cache.path}; \`sprmatrix cache list KIND\` lists entries`);
});

test('a kind is listed by entry, with what each is of', async () => {
  await using cache = await setUp();
  const text = async (kind: string): Promise<string> =>
    withoutSizes(await listCached(kind, { json: false }, cache.path));
  const snapshots = (await text('snapshots')).split('\n');
  expect(snapshots).toContain('│ debian-6.12/powernv9 (0123456789abcdef) │ SIZE │ 40d ago │');
  expect(snapshots).toContain('│ total: 1 │ SIZE │ │');
  expect(await text('initramfs')).toContain(
    '│ fedcba9876543210-01234567....cpio │ SIZE │ 2d ago │',
  );
  expect(await text('kernels')).toContain('│ .6.1-0123456789abcdef.part │ SIZE │ 3d ago │');
});

test('with --json both are arrays of objects, with bytes and times', async () => {
  await using cache = await setUp();
  const kinds: unknown = JSON.parse(await listCached(undefined, { json: true }, cache.path));
  const none = { entries: 0, bytes: 0, oldestUse: null, newestUse: null };
  expect(kinds).toContainEqual({ kind: 'trees', ...none });
  const path = join(cache.path, 'snapshots', '0123456789abcdef');
  const entries: unknown = JSON.parse(await listCached('snapshots', { json: true }, cache.path));
  const usedAt: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  const bytes: unknown = expect.any(Number);
  expect(entries).toEqual([{ name: 'debian-6.12/powernv9', path, bytes, usedAt }]);
});

test('pruning says what went and when it was used, and in a dry run what would go', async () => {
  await using cache = await setUp();
  const limits = { olderThan: 30 * DAY_MS, maxSize: 20e9 };
  const dry = withoutSizes(await pruneCache({ ...limits, dryRun: true }, cache.path));
  expect(dry.split('\n')).toEqual([
    'would remove kernels/.6.1-0123456789abcdef.part: SIZE, last used 3d ago',
    'would remove snapshots/debian-6.12/powernv9 (0123456789abcdef): SIZE, last used 40d ago',
    'would remove 2 entries, SIZE',
  ]);
  const wet = withoutSizes(await pruneCache({ ...limits, dryRun: false }, cache.path));
  expect(wet).toBe(dry.replaceAll('would remove', 'removed'));
  expect(await readdir(join(cache.path, 'snapshots'))).toEqual([]);
  expect(await readdir(join(cache.path, 'kernels'))).toEqual([]);
  expect(await readdir(join(cache.path, 'initramfs'))).toHaveLength(1);
});

test('what is in use is left, and said', async () => {
  await using cache = await setUp();
  const limits = { olderThan: 30 * DAY_MS, maxSize: 20e9, dryRun: false };
  const entry = join(cache.path, 'snapshots', '0123456789abcdef');
  const text = await withLock(entry, async () => pruneCache(limits, cache.path));
  expect(withoutSizes(text).split('\n')).toEqual([
    'removed kernels/.6.1-0123456789abcdef.part: SIZE, last used 3d ago',
    'left snapshots/debian-6.12/powernv9 (0123456789abcdef): another run makes or uses it',
    'removed 1 entry, SIZE; 1 in use left',
  ]);
  await access(entry);
});

test('clearing removes the named kinds, and all when none is named', async () => {
  await using cache = await setUp();
  const some = await clearCache(['initramfs', 'trees'], { dryRun: false }, cache.path);
  expect(withoutSizes(some).split('\n')).toEqual([
    'removed initramfs/fedcba9876543210-01234567....cpio: SIZE, last used 2d ago',
    'removed 1 entry, SIZE',
  ]);
  const rest = await clearCache([], { dryRun: false }, cache.path);
  expect(withoutSizes(rest)).toMatch(/\nremoved 2 entries, SIZE$/);
});

for (const kind of ['kernel', '', '../../etc']) {
  test(`"${kind}" is no kind, so that nothing is cleared`, async () => {
    await using cache = await setUp();
    const error = await rejectionOf(clearCache(['initramfs', kind], { dryRun: false }, cache.path));
    expect([error.code, error.kind]).toEqual(['UNKNOWN_CACHE_KIND', 'usage']);
    expect(error.message).toContain(`no cache kind matches "${kind}" (nearest first: `);
    expect(await readdir(join(cache.path, 'initramfs'))).toHaveLength(1);
  });
}
