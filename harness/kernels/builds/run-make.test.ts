import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { runMake } from './run-make.js';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // no such process
  }
};

test('the compiler that make started ends with an interrupted build', async () => {
  await using folder = await temporaryFolder();
  await writeFile(
    join(folder.path, 'Makefile'),
    'all:\n\t@(sleep 300 & echo $$! > pid; echo "  CC      fork.o"; wait)\n',
  );
  const controller = new AbortController();
  await expect(
    runMake(['-j2', 'all'], {
      ...{ owner: '5.10', folder: folder.path, log: join(folder.path, 'log') },
      signal: controller.signal,
      onStep: () => {
        controller.abort();
      },
    }),
  ).rejects.toMatchObject({ code: 'ABORTED', message: '5.10: interrupted' });
  const pid = Number(await readFile(join(folder.path, 'pid'), 'utf8'));
  while (isAlive(pid)) await delay(10); // until init has reaped it
});

test('the output of a make that fails is in the error and in the log', async () => {
  await using folder = await temporaryFolder();
  const log = join(folder.path, 'log');
  await expect(
    runMake(['nothing'], {
      ...{ owner: '5.10', folder: folder.path, log },
      signal: new AbortController().signal,
    }),
  ).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    evidence: [expect.stringMatching(/^make: \*\*\* No rule to make target 'nothing'/)],
    logs: [log],
  });
  expect(await readFile(log, 'utf8')).toMatch(/^\$ make nothing\nmake: \*\*\*/);
});
