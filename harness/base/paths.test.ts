import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { cacheRoot, repositoryPath, repositoryRoot } from './paths.js';

const former = process.env['XDG_CACHE_HOME'];

test.afterEach(() => {
  if (former === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = former;
});

test('the repository is the folder of this package, and paths are inside it', () => {
  const text = readFileSync(repositoryPath('package.json'), 'utf8');
  expect((JSON.parse(text) as { name: string }).name).toBe('sprmatrix');
  expect(repositoryPath('matrix', 'platforms.json')).toBe(
    join(repositoryRoot, 'matrix/platforms.json'),
  );
});

test('the cache is where XDG_CACHE_HOME says', () => {
  process.env['XDG_CACHE_HOME'] = '/var/cache/me';
  expect(cacheRoot()).toBe('/var/cache/me/sprmatrix');
});

test('the cache is ~/.cache where XDG_CACHE_HOME says nothing', () => {
  for (const value of ['', undefined]) {
    if (value === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = value;
    expect(cacheRoot()).toBe(join(homedir(), '.cache/sprmatrix'));
  }
});
