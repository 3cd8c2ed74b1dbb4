import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { fakeImage, fakeModule } from './testing/fake-elf.js';
import { whatElfLacks } from './whole-elf.js';

/** What is said of a file of these bytes. */
async function saidOf(bytes: Uint8Array | string): Promise<string | undefined> {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'vmlinux'), bytes);
  return await whatElfLacks(join(folder.path, 'vmlinux'));
}

/** An image with one segment of 100 bytes behind its header and the table of segments. */
function imageWithSegment(isLittle: boolean): Buffer {
  const image = Buffer.concat([fakeImage([], { isLittle }), Buffer.alloc(56 + 100)]);
  const write = (value: number, offset: number, bytes: 2 | 8): void => {
    if (bytes === 2) image[isLittle ? offset : offset + 1] = value;
    else image[isLittle ? offset : offset + 7] = value;
  };
  write(64, 32, 8);
  write(56, 54, 2);
  write(1, 56, 2);
  write(120, 64 + 8, 8);
  write(100, 64 + 32, 8);
  return image;
}

test('a file that is all there lacks nothing, and neither does what is no ELF file', async () => {
  expect(await saidOf(fakeImage(['Linux version 6.1.0 (']))).toBeUndefined();
  expect(await saidOf(fakeModule())).toBeUndefined();
  expect(await saidOf('#!/bin/sh\n'.repeat(10))).toBeUndefined();
  for (const isLittle of [true, false]) {
    expect(await saidOf(imageWithSegment(isLittle))).toBeUndefined();
  }
});

test('a file that is written piece by piece is not whole before its end', async () => {
  expect(await saidOf('')).toBe('it is empty');
  expect(await saidOf(Buffer.alloc(1000))).toBe('its head is not written yet');
  expect(await saidOf(fakeImage([]).subarray(0, 20))).toBe(
    'it is cut off: 20 of at least 64 bytes',
  );
  expect(await saidOf(fakeModule().subarray(0, -1))).toMatch(
    /^it is cut off: \d+ of at least \d+ bytes$/,
  );
  for (const isLittle of [true, false]) {
    expect(await saidOf(imageWithSegment(isLittle).subarray(0, 100))).toBe(
      'it is cut off: 100 of at least 120 bytes',
    );
    expect(await saidOf(imageWithSegment(isLittle).subarray(0, 219))).toBe(
      'it is cut off: 219 of at least 220 bytes',
    );
  }
});

test('a file that is not there, or cannot be read, is not whole', async () => {
  await using folder = await temporaryFolder();
  expect(await whatElfLacks(join(folder.path, 'vmlinux'))).toBe('no such file');
  expect(await whatElfLacks(folder.path)).toBe('EISDIR: illegal operation on a directory, read');
});
