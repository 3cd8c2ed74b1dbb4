import { join } from 'node:path';
import { machine } from 'node:os';
import { expect, test } from '@playwright/test';
import { errorOf } from '../base/testing/errors.js';
import { loadHardware } from '../machine/platforms.js';
import { parseCpuInfo } from './cpu-info.js';
import { hardwareOf } from './hardware.js';
import type { HardwarePlatform } from './hardware.js';
import { checkLocalMachine } from './local-machine.js';

const kinds = loadHardware();

function local(): HardwarePlatform {
  const found = hardwareOf('local', kinds);
  if (found === undefined) throw new Error('local is no platform');
  return found;
}

test('local and ssh:HOST name hardware, with whatever ssh takes for a host; other words do not', () => {
  expect(local().id).toBe('local');
  for (const host of ['power', 'root@192.0.2.1', 'me@fe80::1%eth0']) {
    expect(hardwareOf(`ssh:${host}`, kinds)).toMatchObject({ id: `ssh:${host}`, host });
  }
  for (const word of ['powernv9', 'local:x', 'locale', 'p*']) {
    expect(hardwareOf(word, kinds), word).toBeUndefined();
  }
});

for (const word of ['ssh', 'ssh:', 'ssh:-oProxyCommand=x', 'ssh:../x', 'ssh:ssh://host:22']) {
  test(`"${word}" is told to name no host`, () => {
    const error = errorOf(() => hardwareOf(word, kinds));
    expect([error.code, error.kind, error.describe()]).toEqual([
      'SSH_HOST_INVALID',
      'usage',
      `--platform=${word}: "${word.slice(4)}" is no host\n  hint: ssh:HOST takes what ssh takes, user@host or an alias; a port belongs into ~/.ssh/config`,
    ]);
  });
}

test('this machine is told when it is of another architecture, with what to do', () => {
  test.skip(machine() === 'ppc64le', 'this machine is a POWER machine');
  const error = errorOf(() => {
    checkLocalMachine(local());
  });
  expect([error.code, error.describe()]).toEqual([
    'WRONG_ARCHITECTURE',
    `the machine is ${machine()}; the platform local needs ppc64le\n  hint: take a platform that QEMU emulates (\`npx sprmatrix list platforms\`), or a POWER machine that ssh reaches: --platform=ssh:HOST`,
  ]);
});

test('a POWER machine without /dev/kvm is told what loads it', () => {
  const kvmPath = join(test.info().outputDir, 'no-kvm');
  const error = errorOf(() => {
    checkLocalMachine(local(), { machine: 'ppc64le', kvmPath });
  });
  expect([error.code, error.message]).toEqual(['KVM_MISSING', 'the machine has no /dev/kvm']);
});

test("a machine's identity is what its first CPU and its model say", () => {
  const bareMetal =
    'processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 3800MHz\nrevision\t: 2.2 (pvr 004e 1202)\n\nprocessor\t: 1\ncpu\t\t: other\n\ntimebase\t: 512000000\nplatform\t: PowerNV\nmodel\t\t: 9006-22P\nmachine\t\t: PowerNV 9006-22P\n';
  expect(parseCpuInfo(bareMetal)).toEqual({
    machine: 'PowerNV, 9006-22P',
    cpu: 'POWER9, altivec supported, revision 2.2 (pvr 004e 1202)',
    accelerator: 'none',
  });
  const emulated = 'platform\t: pSeries\nmodel\t\t: IBM pSeries (emulated by qemu)\n';
  expect(parseCpuInfo(emulated).accelerator).toBe('unknown');
  expect(parseCpuInfo('')).toEqual({ machine: 'unknown', cpu: 'unknown', accelerator: 'none' });
});
