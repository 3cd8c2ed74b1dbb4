import semver from 'semver';
import type { Platform } from '../platforms.js';

/**
 * Why machines on a platform always boot under that QEMU, as matrix/platforms.json says; undefined when they
 * can be restored from snapshots.
 */
export function whyCold(platform: Platform, qemuVersion: string): string | undefined {
  return platform.cold.find(({ qemu }) => qemu === undefined || semver.satisfies(qemuVersion, qemu))
    ?.reason;
}
