import { expect, test } from '@playwright/test';
import { allowedProcessors, onOneProcessor } from './one-processor.js';

test('a machine of one thread runs wherever there is a processor', () => {
  expect(onOneProcessor({}, 'qemu', ['-m', '1G'])).toEqual(['qemu', ['-m', '1G']]);
});

test('a machine of two threads runs on one processor that this process may use', () => {
  expect(onOneProcessor({ threads: 2 }, 'qemu', ['-m', '1G'])).toEqual([
    'taskset',
    ['--cpu-list', expect.stringMatching(/^\d+$/), 'qemu', '-m', '1G'],
  ]);
});

test('the processors that a process may use are read as ranges and single ones', () => {
  expect(allowedProcessors('Name:\tnode\nCpus_allowed_list:\t0-2,5,8-9\nMems:\t0\n')).toEqual([
    ...[0, 1, 2, 5, 8, 9],
  ]);
});
