import { expect, test } from '@playwright/test';
import type { VmHandle } from '../agent/kvm-host.js';
import { VmType } from '../agent/kvm-host.js';
import { SprmatrixError } from '../base/error.js';
import { rejectionOf } from '../base/testing/errors.js';
import { hardwareOf } from '../hardware/hardware.js';
import { loadHardware } from '../machine/platforms.js';
import type { HardwareFlavour } from './run-hardware-cell.js';
import { findFlavour } from './run-hardware-cell.js';

/** Finds the flavour of a machine whose KVM creates VMs of some types. */
async function flavourOf(types: readonly number[], flavour?: HardwareFlavour): Promise<string> {
  const platform = hardwareOf('local', loadHardware());
  if (platform === undefined) throw new Error('local is no platform');
  const createVm = (type: number): Promise<VmHandle> =>
    types.includes(type)
      ? Promise.resolve(0 as VmHandle)
      : Promise.reject(
          new SprmatrixError({ code: 'KVM_REFUSED', message: 'KVM_CREATE_VM: EINVAL' }),
        );
  const host = { createVm, destroyVm: () => Promise.resolve() };
  return findFlavour(host, { platform, flavour });
}

test('HV is asked where there is HV, else PR, else what was wanted', async () => {
  expect(await flavourOf([VmType.HV, VmType.PR])).toBe('HV');
  expect(await flavourOf([VmType.PR])).toBe('PR');
  expect(await flavourOf([VmType.HV, VmType.PR], 'PR')).toBe('PR');
});

test('a KVM that creates neither is reported with its refusals', async () => {
  expect((await rejectionOf(flavourOf([]))).describe()).toBe(
    [
      'local: its KVM creates no VM of HV or PR',
      '  evidence:',
      '    | HV: KVM_CREATE_VM: EINVAL',
      '    | PR: KVM_CREATE_VM: EINVAL',
      '  hint: `modprobe kvm_hv` or `modprobe kvm_pr` there; Debian has no kvm_pr',
    ].join('\n'),
  );
  expect((await rejectionOf(flavourOf([VmType.HV], 'PR'))).message).toBe(
    'local: its KVM creates no VM of PR',
  );
});
