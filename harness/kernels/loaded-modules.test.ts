import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sha256 } from '../base/files.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { loadedModules } from './loaded-modules.js';

test('modules are known by name and content, each once, in load order', async () => {
  await using folder = await temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  for (const name of ['virtio_pci.ko', 'kvm.ko', 'kvm-hv.ko']) await writeFile(at(name), name);
  const kernel = {
    channelModules: [at('virtio_pci.ko')],
    kvmModules: [at('virtio_pci.ko'), at('kvm.ko'), at('kvm-hv.ko')],
  };
  expect(await loadedModules(kernel)).toEqual([
    { name: 'virtio_pci', sha256: sha256('virtio_pci.ko') },
    { name: 'kvm', sha256: sha256('kvm.ko') },
    { name: 'kvm_hv', sha256: sha256('kvm-hv.ko') },
  ]);
});
