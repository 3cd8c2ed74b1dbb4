import { SprmatrixError } from '../../base/error.js';
import type { QemuBinary } from '../../machine/qemu-binary.js';
import { qemuContent } from '../../machine/qemu-content.js';

/** What is measured must be had elsewhere too: throws the usage error `BASELINE_QEMU`. */
export async function requireReleases(qemus: readonly QemuBinary[]): Promise<void> {
  for (const qemu of qemus) {
    const { isDebians } = await qemuContent(qemu);
    if (isDebians) continue;
    throw new SprmatrixError({
      code: 'BASELINE_QEMU',
      kind: 'usage',
      message: `--update-baseline measures QEMUs that others have too: releases that Debian built, which ${qemu.path} (${qemu.version}) is not`,
      hint: "`npx sprmatrix calibrate` says what a build of one's own does otherwise",
    });
  }
}
