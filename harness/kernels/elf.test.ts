import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readKernelHeader } from './elf.js';
import type { FakeElf } from './testing/fake-elf.js';
import { fakeImage, fakeModule } from './testing/fake-elf.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

test('the byte order of a ppc64 kernel is read', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'vmlinux');
  await writeFile(path, fakeImage([]));
  expect(await readKernelHeader(path)).toEqual({ byteOrder: 'little' });
  await writeFile(path, fakeImage([], { isLittle: false }));
  expect(await readKernelHeader(path)).toEqual({ byteOrder: 'big' });
});

const OTHERS: readonly (readonly [FakeElf, string])[] = [
  [{ machine: 62 }, 'x86-64'],
  [{ machine: 183 }, 'ARM (64 bit)'],
  [{ machine: 20, is64Bit: false, isLittle: false }, 'PowerPC (32 bit)'],
  [{ machine: 4711 }, 'ELF machine 4711'],
];
for (const [elf, name] of OTHERS) {
  test(`a kernel for ${name} is refused by that name`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'vmlinux');
    await writeFile(path, fakeImage([], elf));
    await expect(readKernelHeader(path)).rejects.toMatchObject({
      code: 'WRONG_ARCHITECTURE',
      kind: 'usage',
      message: `${path} is built for ${name}, not for PowerPC (64 bit)`,
      hint: 'build it with ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu-',
    });
  });
}

const NO_KERNELS: readonly (readonly [string, Buffer, string])[] = [
  [
    'a text',
    Buffer.from('#!/bin/sh\n'),
    'it is not an ELF file (it begins with 0x23 0x21 0x2f 0x62)',
  ],
  ['an empty file', Buffer.alloc(0), 'it is not an ELF file (it begins with nothing, it is empty)'],
  [
    'the first bytes of an ELF file',
    fakeImage([]).subarray(0, 10),
    'it is cut off: 10 bytes of an ELF file',
  ],
  ['a module', fakeModule(), 'it is an ELF file that cannot be started (an object file or a core)'],
];
for (const [what, content, why] of NO_KERNELS) {
  test(`${what} is not a kernel`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'file');
    await writeFile(path, content);
    await expect(readKernelHeader(path)).rejects.toMatchObject({
      code: 'NOT_A_KERNEL',
      kind: 'usage',
      message: `${path} is not a kernel: ${why}`,
      hint: 'a kernel is the vmlinux of a build tree, or /boot/vmlinux-* of a ppc64 system',
    });
  });
}

test('a folder is not a kernel', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'linux');
  await mkdir(path);
  await expect(readKernelHeader(path)).rejects.toMatchObject({
    code: 'NOT_A_KERNEL',
    message: `${path} is not a kernel: it is a folder`,
  });
});

test('a file that is not there is a usage error', async () => {
  await expect(readKernelHeader('/nowhere/vmlinux')).rejects.toMatchObject({
    code: 'KERNEL_MISSING',
    kind: 'usage',
    message: '/nowhere/vmlinux: no such file',
  });
});
