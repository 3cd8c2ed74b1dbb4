import semver from 'semver';
import type { PreparedKernel } from '../../kernels/prepared-kernel.js';
import type { Platform } from '../platforms.js';

/**
 * Why a kernel's machine on a platform always boots, as matrix/platforms.json says; undefined when it
 * can be restored from a snapshot.
 */
export function whyCold(
  platform: Platform,
  kernel: Pick<PreparedKernel, 'kvmModules'>,
  qemuVersion: string,
): string | undefined {
  const isBuiltIn = kernel.kvmModules.length === 0;
  return reasonOf(platform, qemuVersion, isBuiltIn);
}

/** The same for every kernel: why no machine on a platform can be restored by that QEMU. */
export function whyAlwaysCold(platform: Platform, qemuVersion: string): string | undefined {
  return reasonOf(platform, qemuVersion, false);
}

function reasonOf(platform: Platform, qemuVersion: string, isBuiltIn: boolean): string | undefined {
  return platform.cold.find(
    ({ qemu, kvm }) =>
      (qemu === undefined || semver.satisfies(qemuVersion, qemu)) &&
      (kvm === undefined || isBuiltIn),
  )?.reason;
}
