import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '@playwright/test';
import { errorOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { requireUnwrapped } from './wrapped-qemu.js';
import { fakeQemu } from './testing/fake-qemu.js';

/** Starts a script that starts a QEMU, and says what is wrong with it once the QEMU runs. */
async function wrongWith(start: (qemu: string) => string): Promise<string | undefined> {
  await using folder = await temporaryFolder();
  const ready = join(folder.path, 'ready');
  const { path: qemu } = await fakeQemu(folder.path, `touch ${ready}`, 'read -r line');
  const script = join(folder.path, 'mine');
  await writeFile(script, `#!/bin/sh\n${start(qemu)}\n`, { mode: 0o755 });
  const child = execa(script, { stdin: 'pipe', reject: false });
  while (!existsSync(ready)) await new Promise((resolve) => setTimeout(resolve, 5));
  let wrong: string | undefined;
  const look = (): void => {
    requireUnwrapped('./mine', child.pid ?? 0);
  };
  try {
    look();
  } catch {
    wrong = errorOf(look).describe();
  }
  child.stdin.end('\n');
  await child;
  return wrong;
}

test('a script that becomes QEMU is as good as QEMU', async () => {
  expect(await wrongWith((qemu) => `exec ${qemu} -S`)).toBeUndefined();
});

test('a script that stays and waits for QEMU is told what to write instead', async () => {
  expect(await wrongWith((qemu) => `${qemu} -S; exit $?`)).toBe(
    [
      './mine starts QEMU as a process of its own and waits for it, so that QEMU would outlive a harness that is killed',
      '  hint: let the script become QEMU: exec qemu-system-ppc64 "$@"',
    ].join('\n'),
  );
});
