import { copyFile, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { knownText } from './known-version.js';

const former = process.env['XDG_CACHE_HOME'];

test.afterEach(() => {
  if (former === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = former;
});

/** Asks one program after the other; each says how many were asked before it. */
async function textsOf(folder: string, ...programs: string[]): Promise<string[]> {
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  let asked = 0;
  const texts: string[] = [];
  for (const program of programs) {
    texts.push(await knownText(program, async () => Promise.resolve(`asked ${++asked}`)));
  }
  return texts;
}

test('a program is asked once, under whichever name, and again when its file is another', async () => {
  await using folder = await temporaryFolder();
  const [program, link] = [join(folder.path, 'qemu'), join(folder.path, 'link')];
  await copyFile(process.execPath, program);
  await symlink(program, link);
  expect(await textsOf(folder.path, program, link, program)).toEqual(Array(3).fill('asked 1'));
  await utimes(program, 0, 0);
  expect(await textsOf(folder.path, program, link)).toEqual(['asked 1', 'asked 1']);
  expect(await readdir(join(folder.path, 'cache/sprmatrix/qemu/.versions'))).toHaveLength(2);
});

test('a script is asked each time, and so is a program whose answer cannot be kept', async () => {
  await using folder = await temporaryFolder();
  const [program, script] = [join(folder.path, 'qemu'), join(folder.path, 'script')];
  await writeFile(script, '#!/bin/sh\n', { mode: 0o755 });
  expect(await textsOf(folder.path, script, script)).toEqual(['asked 1', 'asked 2']);
  await copyFile(process.execPath, program);
  await writeFile(join(folder.path, 'cache'), 'no folder');
  expect(await textsOf(folder.path, program, program)).toEqual(['asked 1', 'asked 2']);
});

test('a program that is not there is asked: who asks says what is wrong', async () => {
  await using folder = await temporaryFolder();
  expect(await textsOf(folder.path, '/nowhere/qemu')).toEqual(['asked 1']);
});
