import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { qemuContent } from './qemu-content.js';

/** A script that answers as QEMU 10.0.2 of Debian's, and then does `last`. */
async function script(folder: string, name: string, last: string): Promise<string> {
  const path = join(folder, name);
  const version = 'QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)';
  const text = `#!/bin/sh\n[ "$1" = --version ] && { echo '${version}'; exit; }\n${last}\n`;
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

const ANSWER = `echo '{"QMP": {}}'; exec cat`;

test('two scripts of the same version and other contents are two, and neither is trusted', async () => {
  await using folder = await temporaryFolder();
  const a = await script(folder.path, 'a', ANSWER);
  const b = await script(folder.path, 'b', `option=1; ${ANSWER}`);
  const [one, other] = [
    await qemuContent({ path: a, version: '10.0.2' }),
    await qemuContent({ path: b, version: '10.0.2' }),
  ];
  expect([one.isDebians, other.isDebians]).toEqual([false, false]);
  expect(await one.sha256()).toMatch(/^[0-9a-f]{64}$/);
  expect(await other.sha256()).not.toBe(await one.sha256());
});

test('a script that never becomes QEMU is an error that says so', async () => {
  await using folder = await temporaryFolder();
  const path = await script(folder.path, 'c', 'exit 1');
  const { sha256 } = await qemuContent({ path, version: '10.0.2' });
  expect((await rejectionOf(sha256())).message).toBe(
    `${path} is a script that does not become QEMU: nothing answered as a machine would`,
  );
});

test('of a script that waits for its QEMU nothing is left when its content is known', async () => {
  await using folder = await temporaryFolder();
  const pidFile = join(folder.path, 'pid');
  const waits = `sh -c 'echo $$ > ${pidFile}; echo "{QMP}"; exec sleep 600'; exit $?`;
  const path = await script(folder.path, 'd', waits);
  const { sha256 } = await qemuContent({ path, version: '10.0.2' });
  expect(await sha256()).toMatch(/^[0-9a-f]{64}$/);
  const pid = (await readFile(pidFile, 'utf8')).trim();
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
});
