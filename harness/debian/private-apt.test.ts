import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { preparePrivateApt } from './private-apt.js';

test('several suites are sources of one apt, which sees no installed package', async () => {
  await using folder = await temporaryFolder();
  const keyring = join(folder.path, 'keys.gpg');
  await writeFile(keyring, '');
  const options = await preparePrivateApt(folder.path, {
    architecture: 'amd64',
    component: 'main',
    keyring,
    mirror: 'file:/srv/debian/',
    suites: ['new', 'old'],
  });
  const trust = `[arch=amd64 signed-by=${keyring} target=Packages]`;
  expect(await readFile(join(folder.path, 'sources.list'), 'utf8')).toBe(
    `deb ${trust} file:/srv/debian/ new main\ndeb ${trust} file:/srv/debian/ old main\n`,
  );
  expect(await readFile(join(folder.path, 'status'), 'utf8')).toBe('');
  expect(options).toContain(`Dir::State::status=${join(folder.path, 'status')}`);
});
