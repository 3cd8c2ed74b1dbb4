import semver from 'semver';
import type { StateName } from '../record/states.js';

/**
 * What of `--deep` a cell is not asked, by state, and why: it would end the emulator's machine, and with it the
 * cell, or its answer is not understood yet.
 */
export function unaskedStates(
  qemuVersion: string,
  { machine, isRestored }: { readonly machine: string; readonly isRestored: boolean },
): Partial<Record<StateName, string>> {
  const hasXive = /^powernv(9|1\d)/.test(machine);
  return {
    ...(semver.lt(qemuVersion, '10.0.0')
      ? { doorbells: 'QEMU before 10 ends at a doorbell ("SDOOR exception not implemented")' }
      : {}),
    ...(hasXive && isRestored
      ? {
          interrupts:
            'QEMU saves nothing of XIVE: on a restored machine a presenter that KVM makes ends in a machine check (--cold)',
        }
      : {}),
  };
}
