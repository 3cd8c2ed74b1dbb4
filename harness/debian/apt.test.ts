import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SprmatrixError } from '../base/error.js';
import { AptSource, aptReason } from './apt.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const debian = {
  architecture: 'ppc64el',
  component: 'main',
  keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
};

test("apt's first error is reported without addresses", () => {
  const error = new SprmatrixError({
    code: 'TOOL_FAILED',
    message: 'apt-get failed (exit 100): apt-get update',
    evidence: [
      'Reading package lists...',
      'E: Failed to fetch http://mirror.example/dists/x/Packages.xz  File has unexpected size (1 != 2). Mirror sync in progress? [IP: 192.0.2.1 80]',
      'E: Some index files failed to download.',
    ],
  });
  expect(aptReason(error)).toBe('File has unexpected size (1 != 2). Mirror sync in progress?');
});

test('apt is kept in folders of its own, and its hooks do not run', async () => {
  await using folder = await temporaryFolder();
  const bin = join(folder.path, 'bin');
  await mkdir(bin);
  const log = join(folder.path, 'log');
  await writeFile(
    join(bin, 'apt-get'),
    `#!/bin/sh\necho "$@" >> ${log}\ncase "$*" in *update*) echo 'E: Could not resolve x' >&2; exit 100;; esac\n`,
    { mode: 0o755 },
  );
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}:${before ?? ''}`;
  try {
    const source = new AptSource(folder.path, { ...debian, keyring: log });
    await writeFile(log, '');
    await expect(source.readSuite('sid', 'file:/srv/debian/', undefined)).rejects.toMatchObject({
      code: 'SUITE_UNREADABLE',
      message: 'Could not resolve x',
    });
  } finally {
    process.env['PATH'] = before;
  }
  const calls = await readFile(log, 'utf8');
  const sid = join(folder.path, 'sid');
  expect(calls).toContain(`-c ${sid}/no-hooks.conf -o APT::Architecture=ppc64el`);
  expect(calls).toContain(`-o Dir::State::Lists=${sid}/lists`);
  expect(calls).toContain(`-o Dir::Etc::SourceParts=/dev/null`);
  expect(await readFile(join(sid, 'no-hooks.conf'), 'utf8')).toBe(
    '#clear APT::Update;\n#clear DPkg;\n',
  );
  expect(await readFile(join(sid, 'sources.list'), 'utf8')).toBe(
    `deb [arch=ppc64el signed-by=${log} target=Packages] file:/srv/debian/ sid main\n`,
  );
});

test("a machine without Debian's keys is told which package has them", async () => {
  await using folder = await temporaryFolder();
  const source = new AptSource(folder.path, { ...debian, keyring: '/nowhere/keys.gpg' });
  await expect(source.readSuite('sid', 'file:/srv/debian/', undefined)).rejects.toMatchObject({
    code: 'KEYRING_MISSING',
    message: "/nowhere/keys.gpg: no such file; Debian's indexes cannot be verified without it",
    hint: 'apt-get install debian-archive-keyring',
  });
});
