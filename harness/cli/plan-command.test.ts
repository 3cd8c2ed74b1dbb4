import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import { planCommand } from './plan-command.js';

const options = { kernel: [], platform: [], register: [], shards: 2 };

test("GitHub's job matrix is one line of strings and numbers that the steps take", async () => {
  const cells = ['debian-6.1/powernv[89]', 'debian-6.12/powernv9'];
  const text = await planCommand({ ...options, cell: cells, format: 'github' });
  expect(JSON.parse(text)).toEqual({
    include: [
      {
        shard: 1,
        of: 2,
        kernels: 'debian-6.1',
        cells: 'debian-6.1/powernv8,debian-6.1/powernv9',
        minutes: 1,
      },
      { shard: 2, of: 2, kernels: 'debian-6.12', cells: 'debian-6.12/powernv9', minutes: 1 },
    ],
  });
  expect(text).not.toContain('\n');
});

test('cells that can run nowhere are in no shard; without any other it is a usage error', async () => {
  const e500v2 = 'debian-6.1/e500v2';
  const some = await planCommand({
    ...options,
    cell: [e500v2, 'debian-6.1/powernv9'],
    format: 'json',
  });
  expect(some).not.toContain('e500v2');
  const error = await rejectionOf(planCommand({ ...options, cell: [e500v2], format: 'text' }));
  expect([error.kind, error.message]).toEqual(['usage', 'none of the 1 selected cells can run']);
});
