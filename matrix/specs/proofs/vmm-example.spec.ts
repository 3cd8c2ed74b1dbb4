import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../../../harness/base/paths.js';
import { buildInitramfs } from '../../../harness/kernels/initramfs.js';
import { qemuArguments } from '../../../harness/machine/command-line.js';
import { consoleTimes } from '../../../harness/machine/console-times.js';
import { testBootOptions, testKernel } from '../faults/booted.js';

const VMM_INIT = repositoryPath('build/guest/ppc64le/vmm-init');

/** What example/vmm.c says on the way, in its order. */
const SAID = [
  'vmm: first get: ',
  // Each refusal once: the second get has none that are new.
  'vmm:   cannot get SPR 828 (DEXCR): Invalid argument',
  'vmm: runtime put: 0 refused',
  'vmm: second get: 0 refused',
  'vmm: put after migration: 0 refused',
  'registers restored',
  'vmm: DAR 0x1234500, after the guest 0x1234501, after the migrated guest 0x1234502',
  'vmm: done',
];

for (const platform of ['powernv9', 'pseries-p9-nested']) {
  test(`libsprsync's example moves a guest that counts from one VM to another, on ${platform}`, async () => {
    test.setTimeout(180_000);
    const initramfs = await buildInitramfs(await testKernel(), VMM_INIT);
    const {
      name,
      qemu,
      platform: machine,
      files,
      logFolder,
    } = await testBootOptions(platform, initramfs, test.info());
    const times = await consoleTimes(
      {
        ...{ name, qemu, budgetMs: 120_000 },
        args: qemuArguments(machine, files),
        log: join(logFolder, 'qemu.log'),
      },
      SAID,
    );
    expect(times).toHaveLength(SAID.length);
  });
}
