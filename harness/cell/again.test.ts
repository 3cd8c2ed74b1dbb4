import { expect, test } from '@playwright/test';
import { invocation, setInvocation } from '../base/invocation.js';
import { hardwareOf } from '../hardware/hardware.js';
import { buildEntries } from '../kernels/kernel-builds.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { loadHardware, loadPlatforms } from '../machine/platforms.js';
import { RUNNING_KERNEL } from '../record/kernel-id.js';
import { runAgain, testAgain } from './again.js';
import type { EmulatedCell, HardwareCell } from './cell.js';

function cell(kernel: KernelEntry): EmulatedCell {
  const platform = loadPlatforms().find(({ id }) => id === 'powernv9');
  if (platform === undefined) throw new Error('no powernv9');
  return { kernel, platform };
}

const talos = hardwareOf('ssh:talos', loadHardware());
if (talos === undefined) throw new Error('ssh:talos is no hardware');
const TALOS: HardwareCell = {
  ...{ kernel: { id: RUNNING_KERNEL }, platform: talos, isHardware: true },
};

test('a cell is run again by what its kernel came from', () => {
  const file: KernelEntry = {
    ...{ id: 'file-6.19-1a2b3c4d', line: '6.19', version: '6.19', variant: '' },
    source: {
      ...{ kind: 'file', image: '/cache/vmlinux', modules: '/m/kernel', sha256: 'a'.repeat(64) },
      given: { kernel: '/my kernel/vmlinux', modules: ['/m'] },
    },
  };
  expect(runAgain(cell(file))).toBe(
    "npx sprmatrix run '--kernel=/my kernel/vmlinux' --modules=/m --platform=powernv9",
  );
  expect(testAgain(cell(file), ['--register=LPCR'])).toBe(
    "npm test -- '--kernel=/my kernel/vmlinux' --modules=/m --platform=powernv9 --register=LPCR",
  );
  const former = invocation();
  setInvocation({
    ...{ run: 'sprmatrix run', test: '/opt/sprmatrix/scripts/gate' },
    ...{ options: ['--qemu=/opt/my qemu', '--cold'], asked: ['--register=MMCR*'] },
  });
  try {
    const words = "'--kernel=/my kernel/vmlinux' --modules=/m --platform=powernv9";
    expect(runAgain(cell(file))).toBe(
      `sprmatrix run ${words} '--register=MMCR*' '--qemu=/opt/my qemu' --cold`,
    );
    expect(testAgain(cell(file), ['--register=LPCR'])).toBe(
      `/opt/sprmatrix/scripts/gate ${words} --register=LPCR '--qemu=/opt/my qemu' --cold`,
    );
    expect(testAgain(TALOS, ['--hostile=9:1'])).toBe(
      "/opt/sprmatrix/scripts/gate --platform=ssh:talos --hostile=9:1 '--qemu=/opt/my qemu' --cold",
    );
  } finally {
    setInvocation(former);
  }
  const [built] = buildEntries().filter(({ id }) => id === 'build-6.1');
  expect(built && runAgain(cell(built))).toBe(
    'npx sprmatrix run --kernel=build-6.1 --platform=powernv9',
  );
});
