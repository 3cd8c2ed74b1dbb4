import semver from 'semver';
import { SprmatrixError } from '../base/error.js';
import { isKernelSelected } from '../base/selectors.js';
import type { Exclusion } from './platforms.generated.js';
import type { Platform } from './platforms.js';
import type { QemuBinary } from './qemu-binary.js';
import { isNewEnough } from './qemu-binary.js';
import { whyCold } from './snapshots/why-cold.js';

/** What is known of a kernel before it is fetched. */
export interface KernelIdentity {
  readonly id: string;
  /** Upstream's, e.g. "6.12.95" or "7.3-rc7"; empty when it is not known. */
  readonly version: string;
}

/** Of the QEMUs that are there, the one that a cell runs on, or why there is none. */
export type QemuChoice =
  { readonly qemu: QemuBinary; readonly obstacle?: undefined } | { readonly obstacle: string };

const NEWER_QEMU_HINT = '`npm run setup -- --newer-qemu` fetches newer ones';

/**
 * Why a kernel can never run on a platform, as matrix/platforms.json says; undefined when nothing
 * there is against it. Exclusions that hold only under some QEMU count when `qemuVersion` is one of
 * those.
 */
export function findObstacle(
  platform: Platform,
  kernel: KernelIdentity,
  qemuVersion?: string,
): string | undefined {
  if (platform.unsupported !== undefined) return platform.unsupported;
  return platform.never.find(
    (exclusion) =>
      exclusion.kernels.some((selector) => isKernelSelected(selector, kernel)) &&
      isQemuMeant(exclusion, qemuVersion),
  )?.reason;
}

/**
 * The one of `qemus` that a cell runs on. Of those that are new enough for the platform and do not exclude
 * the kernel it is the oldest that restores the platform's machines from snapshots (platforms.json, cold),
 * or, where none does, the oldest: a newer QEMU that is installed next to it changes nothing.
 */
export function chooseQemu(
  platform: Platform,
  kernel: KernelIdentity,
  qemus: readonly QemuBinary[],
): QemuChoice {
  const always = findObstacle(platform, kernel);
  if (always !== undefined) return { obstacle: always };
  const oldestFirst = [...qemus].sort((a, b) => semver.compare(a.version, b.version));
  const enough = oldestFirst.filter((qemu) => isNewEnough(qemu, platform.qemu));
  const found = qemus.map(({ path, version }) => `${path} is ${version}`).join(', ');
  if (enough.length === 0) {
    return {
      obstacle: `needs QEMU ${platform.qemu} or newer; ${found === '' ? 'none is here' : found}; ${NEWER_QEMU_HINT}`,
    };
  }
  const able = enough.filter(
    ({ version }) => findObstacle(platform, kernel, version) === undefined,
  );
  const restoring = able.find(({ version }) => whyCold(platform, version) === undefined);
  const qemu = restoring ?? able[0];
  if (qemu !== undefined) return { qemu };
  const reason = findObstacle(platform, kernel, enough[0]?.version) ?? '';
  return { obstacle: `${reason} (${found}; ${NEWER_QEMU_HINT})` };
}

/** The error of a cell that cannot run: whoever runs cells makes a skip of it. */
export function cannotRunError(cell: string, obstacle: string): SprmatrixError {
  return new SprmatrixError({ code: 'CELL_CANNOT_RUN', subject: cell, message: obstacle });
}

/** Why `error` says that a cell cannot run, or undefined when it is any other failure. */
export function obstacleOf(error: unknown): string | undefined {
  const isObstacle = error instanceof SprmatrixError && error.code === 'CELL_CANNOT_RUN';
  return isObstacle ? error.reason : undefined;
}

function isQemuMeant({ qemu }: Exclusion, version: string | undefined): boolean {
  return qemu === undefined || (version !== undefined && semver.satisfies(version, qemu));
}
