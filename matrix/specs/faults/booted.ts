import type { TestInfo } from '@playwright/test';
import { repositoryPath } from '../../../harness/base/paths.js';
import { loadCatalogue } from '../../../harness/kernels/catalogue.js';
import { prepareKernel } from '../../../harness/kernels/prepare-kernel.js';
import type { PreparedKernel } from '../../../harness/kernels/prepared-kernel.js';
import type { BootOptions } from '../../../harness/machine/machine.js';
import type { Platform } from '../../../harness/machine/platforms.js';
import { loadPlatforms, selectPlatforms } from '../../../harness/machine/platforms.js';
import type { QemuBinary } from '../../../harness/machine/qemu-binary.js';
import { availableQemus } from '../../../harness/machine/available-qemus.js';
import { chooseQemu } from '../../../harness/machine/obstacles.js';

export const AGENT = repositoryPath('build/guest/ppc64le/agent');
export const BARE_INIT = repositoryPath('build/guest/ppc64le/bare-init');

/** The kernel of these tests, debian-6.1. */
export async function testKernel(): Promise<PreparedKernel> {
  const { kernels } = await loadCatalogue();
  const entry = kernels.find(({ id }) => id === 'debian-6.1');
  if (entry === undefined) throw new Error('debian-6.1 is not to be had');
  return prepareKernel(entry);
}

export function testPlatform(id: string): Platform {
  const [found] = selectPlatforms([id], loadPlatforms());
  if (found === undefined) throw new Error(`no platform ${id}`);
  return found;
}

/** The QEMU that a cell of debian-6.1 on a platform runs on. */
export async function testQemu(platform: string): Promise<QemuBinary> {
  const kernel = { id: 'debian-6.1', version: '6.1' };
  const choice = chooseQemu(testPlatform(platform), kernel, await availableQemus());
  if (choice.obstacle !== undefined) throw new Error(choice.obstacle);
  return choice.qemu;
}

/** What `bootMachine` needs for debian-6.1 on a platform, with an initramfs of the test's own. */
export async function testBootOptions(
  platform: string,
  initramfs: string,
  info: TestInfo,
): Promise<BootOptions> {
  return {
    name: `debian-6.1/${platform}`,
    platform: testPlatform(platform),
    qemu: await testQemu(platform),
    files: { kernel: (await testKernel()).image, initramfs },
    logFolder: info.outputPath('logs'),
    reproduce: 'the command that shows it',
  };
}
