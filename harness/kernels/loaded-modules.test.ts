import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sha256 } from '../base/files.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { identityOf, loadedModules } from './loaded-modules.js';

test('a kernel is known by its image and by every module that it loads', async () => {
  await using folder = await temporaryFolder();
  const paths = ['virtio.ko', 'kvm-hv.ko'].map((name) => join(folder.path, name));
  for (const path of paths) await writeFile(path, path);
  const [channel = '', kvm = ''] = paths;
  const kernel = { channelModules: [channel], kvmModules: [channel, kvm] };
  const modules = await loadedModules(kernel);
  expect(modules).toEqual({ virtio: sha256(channel), kvm_hv: sha256(kvm) });
  const identity = identityOf('image', modules);
  await writeFile(kvm, 'my own');
  expect(identityOf('image', await loadedModules(kernel))).not.toBe(identity);
  expect(identityOf('other', modules)).not.toBe(identity);
});

test('a kernel that loads no module is known by its image', () => {
  expect(identityOf('image', {})).toBe('image');
});
