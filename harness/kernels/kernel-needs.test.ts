import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { mergeFragments, readFragments } from './builds/fragments.js';
import { readImageConfig } from './kernel-config.js';
import type { KernelConfig } from './kernel-config.js';
import { checkNeeds, KERNEL_NEEDS, requireNeeds } from './kernel-needs.js';
import { noModules } from './modules.js';

/** What our own fragments configure, without some options. */
async function configured(...without: string[]): Promise<KernelConfig> {
  const wanted = mergeFragments(await readFragments(['base', 'hv', 'pr', 'channel']));
  const options = wanted
    .filter(({ name }) => !without.includes(name))
    .map(({ name, value }) => [name, value] as const);
  return { from: '/boot/config-6.8', options: new Map(options) };
}

const store = noModules('vmlinux', undefined);

test('a kernel of our fragments has all that is needed', async () => {
  const findings = checkNeeds({ config: await configured(), store });
  expect(findings.filter(({ state }) => state !== 'met')).toEqual([]);
});

for (const { what, ways, fragment } of KERNEL_NEEDS) {
  test(`a kernel configured without ${what} is refused, with the options and the fragment`, async () => {
    const config = await configured(...ways.flatMap(({ options }) => options));
    let fault: unknown;
    try {
      requireNeeds('vmlinux', { config, store });
    } catch (error) {
      fault = error;
    }
    expect(fault).toMatchObject({
      ...{ code: 'KERNEL_LACKS', kind: 'usage' },
      message: `vmlinux cannot be asked: it has no ${what}`,
      hint: `fixtures/kconfig/${fragment}.config has what is missing; modules that are elsewhere are named with --modules=DIR`,
    });
    expect((fault as { evidence: string[] }).evidence[0]).toContain(
      `CONFIG_${ways[0]?.options[0] ?? ''} is not set`,
    );
  });
}

test('any of the channels will do', async () => {
  const channels = ['DEVMEM', 'VIRTIO_CONSOLE', 'HVC_CONSOLE'];
  for (const kept of channels) {
    const missing = channels.filter((name) => name !== kept);
    const without = await configured(...missing, 'HVC_OPAL', 'SERIAL_8250_CONSOLE');
    const findings = checkNeeds({ config: without, store });
    expect(
      findings.every(({ state }) => state === 'met'),
      kept,
    ).toBe(true);
  }
});

test('an option that is a module counts when its module is there', async () => {
  const options = new Map([...(await configured('KVM_BOOK3S_64_PR')).options]);
  options.set('KVM_BOOK3S_64_HV', 'm');
  const config = { from: 'the image (IKCONFIG)', options };
  const withModule = { ...store, files: new Map([['kvm_hv', '/m/kvm-hv.ko']]) };
  expect(checkNeeds({ config, store: withModule })[0]?.found).toBe(
    'CONFIG_KVM_BOOK3S_64_HV=m, module kvm_hv',
  );
  expect(checkNeeds({ config, store })[0]?.found).toContain(
    'CONFIG_KVM_BOOK3S_64_HV=m, and its module is not there',
  );
});

test('an image with no KVM in it lacks it where no module has it; who looks for the modules says so', () => {
  const without = noModules('vmlinux', new Set(['virtio_pci']));
  expect(checkNeeds({ store: without })[0]).toMatchObject({
    ...{ state: 'missing', found: 'no module kvm, and not built in' },
  });
  expect(() => {
    requireNeeds('vmlinux', {
      store: noModules('vmlinux', new Set(['virtio_pci', 'virtio_console'])),
    });
  }).not.toThrow();
});

test('without a configuration nothing is missing that nothing tells', () => {
  expect(() => {
    requireNeeds('vmlinux', { store });
  }).not.toThrow();
  expect(checkNeeds({ store }).every(({ state }) => state === 'unknown')).toBe(true);
});

test('the configuration in an image is read, also where two chunks of it meet', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'vmlinux');
  const packed = gzipSync('CONFIG_DEVTMPFS=y\n# CONFIG_KVM is not set\n');
  for (const before of [10, 8 * 2 ** 20 - 4, 8 * 2 ** 20 - 8]) {
    // The texts around it stand in the code that looks for them, too.
    const image = Buffer.concat([
      ...[Buffer.from('IKCFG_ST no IKCFG_ED'), Buffer.alloc(before)],
      ...[Buffer.from('IKCFG_ST'), packed, Buffer.from('IKCFG_ED'), Buffer.alloc(99)],
    ]);
    await writeFile(path, image);
    expect(await readImageConfig(path)).toEqual({
      from: 'the image (IKCONFIG)',
      options: new Map([['DEVTMPFS', 'y']]),
    });
  }
  await writeFile(path, 'IKCFG_ST');
  expect(await readImageConfig(path)).toBeUndefined();
});
