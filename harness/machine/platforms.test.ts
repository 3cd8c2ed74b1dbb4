import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { errorOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import type { Platform } from './platforms.js';
import { loadHardware, loadPlatforms, loadQemuPackages, selectPlatforms } from './platforms.js';

const [first] = loadPlatforms();
const platform = (id: string, isDefault: boolean): Platform => {
  if (first === undefined) throw new Error('no platforms');
  return { ...first, id, isDefault };
};
const PLATFORMS = [
  platform('powernv8', true),
  platform('powernv9', true),
  platform('pseries-p8-pr', false),
];

const selected = (...selectors: string[]): string[] =>
  selectPlatforms(selectors, PLATFORMS).map(({ id }) => id);

test('the platforms of matrix/platforms.json are valid, each with an id of its own', () => {
  const ids = loadPlatforms().map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['powernv8', 'powernv9', 'pseries-p9-nested']));
  expect(new Set(ids).size).toBe(ids.length);
});

test('no selector selects the default platforms', () => {
  expect(selected()).toEqual(['powernv8', 'powernv9']);
});

test('ids and globs select, several of them in the order of platforms.json', () => {
  expect(selected('pseries-p8-pr')).toEqual(['pseries-p8-pr']);
  expect(selected('powernv*')).toEqual(['powernv8', 'powernv9']);
  expect(selected('*-pr,powernv9')).toEqual(['powernv9', 'pseries-p8-pr']);
});

test('a platform that does not exist is reported with those that do, nearest first', () => {
  const error = errorOf(() => selected('powernv9,powernv7'));
  expect([error.code, error.kind, error.message]).toEqual([
    'UNKNOWN_PLATFORM',
    'usage',
    'no platform matches "powernv7" (nearest first: powernv8, powernv9, pseries-p8-pr)',
  ]);
});

test('a selector without a platform is no default', () => {
  expect(errorOf(() => selected('')).message).toBe('--platform="" names no platform');
});

test('a platforms file that is broken is reported with its path and what is wrong in it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'platforms.json');
  await writeFile(
    path,
    JSON.stringify({
      qemuPackages: loadQemuPackages(),
      platforms: [{ ...first, flavour: 'VHE' }],
      hardware: loadHardware(),
    }),
  );
  const error = errorOf(() => loadPlatforms(path));
  expect([error.code, error.message, error.evidence, error.logs]).toEqual([
    'DATA_INVALID',
    `${path} does not follow its schema`,
    ['/platforms/0/flavour must be equal to one of the allowed values: HV, PR, BookE'],
    [repositoryPath('matrix/schema/platforms.schema.json')],
  ]);
});
