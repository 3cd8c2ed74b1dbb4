import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { CatalogueOptions } from './catalogue-file.js';
import { loadCatalogue } from './catalogue.js';
import { debianFolder } from './debian-folder.js';
import { FakeArchive, unreadable } from './testing/fake-archive.js';
import { BACKPORTS, BOOKWORM, EXPERIMENTAL } from './testing/indexes.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const SUITES = ['bookworm', 'bookworm-backports', 'trixie', 'sid', 'experimental'];

async function setUp(): Promise<
  { archive: FakeArchive; file: string; options: CatalogueOptions } & AsyncDisposable
> {
  const folder = await temporaryFolder();
  const archive = new FakeArchive();
  archive.suites = {
    bookworm: BOOKWORM,
    'bookworm-backports': BACKPORTS,
    trixie: '',
    sid: '',
    experimental: EXPERIMENTAL,
  };
  return {
    archive,
    file: join(folder.path, 'catalogue/debian.json'),
    options: { source: archive, mirror: 'file:/srv/debian', cacheFolder: folder.path },
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
}

const ids = ({ kernels }: { kernels: readonly { id: string }[] }): string[] =>
  kernels.map(({ id }) => id);

test('the kernels of all suites are listed', async () => {
  await using given = await setUp();
  const catalogue = await loadCatalogue(given.options);
  expect(ids(catalogue)).toEqual(['debian-6.1', 'debian-6.12', 'debian-6.12-64k', 'debian-7.3']);
  expect(catalogue.warnings).toEqual([]);
  expect(given.archive.suitesRead).toEqual(SUITES);
});

test('a suite that cannot be read is a warning that names it', async () => {
  await using given = await setUp();
  given.archive.suites['trixie'] = unreadable('File has unexpected size (9 != 10).');
  const { kernels, warnings, missingSuites } = await loadCatalogue(given.options);
  expect(kernels).toHaveLength(4);
  expect(warnings).toEqual(['suite trixie could not be read: File has unexpected size (9 != 10).']);
  expect(missingSuites).toEqual(['trixie']);
});

test('a list without a suite is not kept: the next command reads all of them', async () => {
  await using given = await setUp();
  given.archive.suites['bookworm'] = unreadable('No space left on device');
  expect(ids(await loadCatalogue(given.options))).toEqual([
    ...['debian-6.12', 'debian-6.12-64k', 'debian-7.3'],
  ]);
  await expect(stat(given.file)).rejects.toMatchObject({ code: 'ENOENT' });
  given.archive.suites['bookworm'] = BOOKWORM;
  const { kernels, warnings, missingSuites } = await loadCatalogue(given.options);
  expect([kernels.length, warnings, missingSuites]).toEqual([4, [], undefined]);
  expect(given.archive.suitesRead).toEqual([...SUITES, ...SUITES]);
});

test("a suite's last index is used when it cannot be read again, with a warning", async () => {
  await using given = await setUp();
  given.archive.suites['bookworm'] = { text: BOOKWORM, outdated: 'Connection timed out' };
  const { kernels, warnings } = await loadCatalogue(given.options);
  expect(kernels).toHaveLength(4);
  expect(warnings).toEqual([
    'suite bookworm could not be read; its last index is used: Connection timed out',
  ]);
});

test('a list that is younger than a day is not read again, an older one is', async () => {
  await using given = await setUp();
  await loadCatalogue(given.options);
  await loadCatalogue(given.options);
  expect(given.archive.suitesRead).toHaveLength(5);
  const list = await readFile(given.file, 'utf8');
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000 - 1000).toISOString();
  await writeFile(given.file, list.replace(/"readAt": "[^"]+"/, `"readAt": "${yesterday}"`));
  await loadCatalogue(given.options);
  expect(given.archive.suitesRead).toHaveLength(10);
});

test('a list is read again on request, and when the mirror is another', async () => {
  await using given = await setUp();
  await loadCatalogue(given.options);
  await loadCatalogue({ ...given.options, refresh: true });
  expect(given.archive.suitesRead).toHaveLength(10);
  await loadCatalogue({ ...given.options, mirror: 'file:/srv/other' });
  expect(given.archive.suitesRead).toHaveLength(15);
});

test('a list that is cut in half, or is no list, is read again', async () => {
  await using given = await setUp();
  await loadCatalogue(given.options);
  await truncate(given.file, Math.floor((await stat(given.file)).size / 2));
  expect(ids(await loadCatalogue(given.options))).toHaveLength(4);
  await writeFile(given.file, '{"format":1}');
  expect(ids(await loadCatalogue(given.options))).toHaveLength(4);
  expect(given.archive.suitesRead).toHaveLength(15);
});

test('when no suite can be read, the last list is used with a warning', async () => {
  await using given = await setUp();
  await loadCatalogue(given.options);
  const { readAt } = JSON.parse(await readFile(given.file, 'utf8')) as { readAt: string };
  given.archive.suites = {};
  const { kernels, warnings } = await loadCatalogue({ ...given.options, refresh: true });
  expect(kernels).toHaveLength(4);
  expect(warnings).toEqual([
    `the list of kernels is from ${readAt}; it could not be read again: none of Debian's suites (${SUITES.join(', ')}) gave a kernel`,
  ]);
});

test('when no suite can be read and there is no list, the error says why for each', async () => {
  await using given = await setUp();
  given.archive.suites = {};
  await expect(loadCatalogue(given.options)).rejects.toMatchObject({
    code: 'NO_KERNELS',
    message: `none of Debian's suites (${SUITES.join(', ')}) gave a kernel`,
    evidence: [...SUITES].sort().map((suite) => `suite ${suite} could not be read: 404  Not Found`),
  });
});

test('a failure that is not about a suite is not hidden as a warning', async () => {
  await using given = await setUp();
  given.archive.suites['sid'] = new TypeError('a bug');
  await expect(loadCatalogue(given.options)).rejects.toThrow('a bug');
});

test('two runs at once read the suites once', async () => {
  await using given = await setUp();
  const both = await Promise.all([loadCatalogue(given.options), loadCatalogue(given.options)]);
  expect(both.map(ids)).toEqual([ids(both[0]), ids(both[0])]);
  expect(given.archive.suitesRead).toHaveLength(5);
});

test('an interrupted listing says so and writes nothing', async () => {
  await using given = await setUp();
  const signal = AbortSignal.abort();
  await expect(loadCatalogue({ ...given.options, signal })).rejects.toMatchObject({
    code: 'ABORTED',
    message: 'list of kernels: interrupted',
  });
  await expect(stat(given.file)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a line that has left the suites stays as long as the cache has its kernel, and is said to have left', async () => {
  await using given = await setUp();
  const { kernels } = await loadCatalogue(given.options);
  const old = kernels.find(({ id }) => id === 'debian-6.1');
  if (old?.source.kind !== 'debian') throw new Error('no debian-6.1');
  const cached = debianFolder({ ...old, source: old.source }, given.options.cacheFolder);
  await mkdir(cached, { recursive: true });
  given.archive.suites['bookworm'] = '';
  const again = { ...given.options, refresh: true };
  for (const turn of ['the first reading', 'the next one']) {
    const { kernels: listed, warnings } = await loadCatalogue(again);
    expect(listed.map(({ id }) => id)).toEqual(kernels.map(({ id }) => id));
    expect(warnings, turn).toEqual([
      `debian-6.1 has left bookworm: ${old.version} is taken from the cache while it is there`,
    ]);
  }
  await rm(cached, { recursive: true });
  expect(ids(await loadCatalogue(again))).not.toContain('debian-6.1');
});
