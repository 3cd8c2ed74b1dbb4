import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { withReporters } from './playwright-process.js';

test('--reporter=ktap is ours, alone and among others, and every other argument is left', () => {
  const path = repositoryPath('fixtures', 'ktap-reporter.ts');
  expect(withReporters(['--reporter=ktap', '-g', 'ktap'], true)).toEqual([
    ...[`--reporter=${path}`, '-g', 'ktap'],
  ]);
  expect(withReporters(['--reporter', 'junit,ktap'], true)).toEqual([
    ...['--reporter', `junit,${path}`],
  ]);
  expect(withReporters(['--reporter=ktap'], false)).toEqual([
    `--reporter=${repositoryPath('dist', 'fixtures', 'ktap-reporter.js')}`,
  ]);
});
