import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { errorOf } from '../base/testing/errors.js';
import { EXPECTED_VERSION, libraryPath, loadLibrary } from './library.js';

test('a library that was not built yet is SPRSYNC_MISSING, with the command that builds it', () => {
  const error = errorOf(() => loadLibrary('/nowhere/libsprsync.so.0.1'));
  expect(error.code).toBe('SPRSYNC_MISSING');
  expect(error.message).toContain('/nowhere/libsprsync.so.0.1');
  expect(error.hint).toContain('npx sprmatrix setup');
});

test('a file that is no shared object is SPRSYNC_UNUSABLE, with the reason', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-'));
  try {
    const path = join(folder, 'libsprsync.so.0.1');
    await writeFile(path, 'no shared object\n');
    const error = errorOf(() => loadLibrary(path));
    expect(error.code).toBe('SPRSYNC_UNUSABLE');
    expect(error.describe()).toMatch(/cause: .*file too short/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('another version of the library is SPRSYNC_VERSION, naming both versions', () => {
  const error = errorOf(() => loadLibrary(libraryPath(), '0.9.3'));
  expect(error.code).toBe('SPRSYNC_VERSION');
  expect(error.message).toContain(`is libsprsync ${EXPECTED_VERSION}; version 0.9.3 is expected`);
});

test('the version that is expected is the one in sprsync.h', async () => {
  const header = await readFile(repositoryPath('harness/sync/native/sprsync.h'), 'utf8');
  const numbers = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`#define SPRSYNC_VERSION_${part} (\\d+)`).exec(header)?.[1],
  );
  expect(EXPECTED_VERSION).toBe(numbers.join('.'));
  expect(() => loadLibrary(libraryPath())).not.toThrow();
});
