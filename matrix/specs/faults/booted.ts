import type { TestInfo } from '@playwright/test';
import { repositoryPath } from '../../../harness/base/paths.js';
import { loadCatalogue } from '../../../harness/kernels/catalogue.js';
import { prepareKernel } from '../../../harness/kernels/prepare-kernel.js';
import type { PreparedKernel } from '../../../harness/kernels/prepared-kernel.js';
import type { BootOptions } from '../../../harness/machine/machine.js';
import type { Platform } from '../../../harness/machine/platforms.js';
import { loadPlatforms, selectPlatforms } from '../../../harness/machine/platforms.js';
import { findQemu } from '../../../harness/machine/qemu-binary.js';

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

/** What `bootMachine` needs for debian-6.1 on a platform, with an initramfs of the test's own. */
export async function bootOptions(
  platform: string,
  initramfs: string,
  info: TestInfo,
): Promise<BootOptions> {
  return {
    name: `debian-6.1/${platform}`,
    platform: testPlatform(platform),
    qemu: await findQemu(),
    files: { kernel: (await testKernel()).image, initramfs },
    logFolder: info.outputPath('logs'),
    reproduce: 'the command that shows it',
  };
}
