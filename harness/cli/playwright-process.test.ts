import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { withReporters } from './playwright-process.js';

test('--reporter=ktap is ours, alone and among others, and every other argument is left', () => {
  const path = repositoryPath('dist/bundle/ktap-reporter.js');
  expect(withReporters(['--reporter=ktap', '-g', 'ktap'])).toEqual([
    ...[`--reporter=${path}`, '-g', 'ktap'],
  ]);
  expect(withReporters(['--reporter', 'junit,ktap'])).toEqual(['--reporter', `junit,${path}`]);
});
