import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { errorOf } from '../../base/testing/errors.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import type { Selectors } from '../../cell/selection.js';
import { watchTargets } from './watch-targets.js';

const chosen = (kernel: string[], others: Partial<Selectors> = {}): Selectors => ({
  ...{ kernel, platform: [], register: [], cell: [] },
  ...others,
});

test('files are watched, what they link to, and the folder of modules', async () => {
  await using folder = await temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  await writeFile(at('vmlinux-1'), '');
  await symlink(at('vmlinux-1'), at('vmlinux'));
  const options = chosen([`${at('vmlinux')},${at('coming/vmlinux')}`], {
    modules: [at('modules')],
  });
  expect(watchTargets(options)).toEqual({
    images: [at('vmlinux'), at('vmlinux-1'), at('coming/vmlinux')],
    folders: [at('modules')],
  });
});

test("of a kernel tree, its image is watched, and KVM's modules when it has any", async () => {
  await using folder = await temporaryFolder();
  const image = join(folder.path, 'vmlinux');
  await writeFile(image, '');
  expect(watchTargets(chosen([folder.path]))).toEqual({ images: [image], folders: [] });
  await writeFile(join(folder.path, 'modules.order'), '');
  await mkdir(join(folder.path, 'arch/powerpc/kvm'), { recursive: true });
  const folders = [join(folder.path, 'arch/powerpc/kvm')];
  expect(watchTargets(chosen([folder.path]))).toEqual({ images: [image], folders });
});

test('what is no file cannot be watched', () => {
  const hint =
    'name the file of your kernel, e.g. --kernel=./vmlinux, or the tree that it is built in';
  const errors = [
    [chosen(['./vmlinux,debian-6.1']), '--kernel=debian-6.1 is not a file, so it does not change'],
    [chosen([]), 'watch needs a kernel to watch'],
    [
      chosen([], { cell: ['./vmlinux/powernv9'] }),
      '--cell=./vmlinux/powernv9: watch takes --kernel and --platform',
    ],
  ] as const;
  for (const [options, message] of errors) {
    expect(errorOf(() => watchTargets(options))).toMatchObject({
      ...{ code: 'WATCH_KERNEL', kind: 'usage', message, hint },
    });
  }
  expect(errorOf(() => watchTargets(chosen(['./linux'], { build: true })))).toMatchObject({
    ...{ code: 'WATCH_BUILD', kind: 'usage' },
    message: '--build: watch waits for a build and starts none',
    hint: 'leave out --build, and run make in another terminal',
  });
});
