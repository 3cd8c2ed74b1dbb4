import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { KernelBuild } from '../kernels.generated.js';
import { FakeArchive, unreadable } from '../testing/fake-archive.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { sourceStanza } from '../testing/fake-source.js';
import type { SourceListOptions } from './source-list.js';
import { findSourcePackage } from './source-list.js';

const BUILD: Pick<KernelBuild, 'id' | 'package' | 'suites'> = {
  id: 'build-6.12',
  package: 'linux-source-6.12',
  suites: ['trixie', 'backports'],
};

async function setUp(): Promise<
  {
    archive: FakeArchive;
    notices: string[];
    options: SourceListOptions;
    list: string;
  } & AsyncDisposable
> {
  const folder = await temporaryFolder();
  const archive = new FakeArchive();
  archive.suites = {
    trixie:
      sourceStanza('linux-source-6.12', '6.12.107-1') +
      sourceStanza('linux-source-6.12', '6.12.117-1'),
    backports: sourceStanza('linux-source-6.12', '6.12.95-1~bpo12+1'),
  };
  const notices: string[] = [];
  return {
    ...{ archive, notices },
    list: join(folder.path, 'catalogue/source-trixie.json'),
    options: {
      ...{ source: archive, mirror: 'file:/srv/debian', cacheFolder: folder.path },
      onNotice: (message) => notices.push(message),
    },
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
}

test('the newest package of all suites is taken, and suites are read once a day', async () => {
  await using given = await setUp();
  const { archive, options } = given;
  expect(await findSourcePackage(BUILD, options)).toMatchObject({ version: '6.12.117-1' });
  await findSourcePackage(BUILD, options);
  expect(archive.suitesRead).toEqual(['trixie', 'backports']);
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000).toISOString();
  const list = await readFile(given.list, 'utf8');
  await writeFile(given.list, list.replace(/"readAt": "[^"]+"/, `"readAt": "${yesterday}"`));
  await findSourcePackage(BUILD, options);
  expect(archive.suitesRead).toEqual(['trixie', 'backports', 'trixie']);
});

test('a suite that cannot be read leaves the package to the others', async () => {
  await using given = await setUp();
  given.archive.suites['trixie'] = unreadable('File has unexpected size (9 != 10).');
  expect(await findSourcePackage(BUILD, given.options)).toMatchObject({
    version: '6.12.95-1~bpo12+1',
  });
});

test('a suite that cannot be read again gives its last list, with a notice', async () => {
  await using given = await setUp();
  await findSourcePackage(BUILD, given.options);
  given.archive.suites['trixie'] = unreadable('Connection timed out');
  const again = { ...given.options, refresh: true };
  expect(await findSourcePackage(BUILD, again)).toMatchObject({ version: '6.12.117-1' });
  expect(given.notices).toEqual([
    expect.stringMatching(
      /^the source packages of trixie are those of \S+; they could not be read again: Connection timed out$/,
    ),
  ]);
});

test('a package that is not to be had is an error that says so of each suite', async () => {
  await using given = await setUp();
  given.archive.suites = { trixie: unreadable('404  Not Found'), backports: '' };
  await expect(findSourcePackage(BUILD, given.options)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message:
      'build-6.12 cannot be built: linux-source-6.12 is not to be had (looked in trixie, backports)',
    evidence: [
      'suite trixie could not be read: 404  Not Found',
      'suite backports has no linux-source-6.12',
    ],
  });
});
